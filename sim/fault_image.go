package sim

var imageFaults = []Fault{
	{Name: "image-empty", Doc: "200 with an empty data array and a revised_prompt: the prompt was filtered.", Guide: "Image generation errors: empty data array", On: Images,
		play: func(p *plan) { p.image.empty = true }},
	{Name: "image-filtered", Doc: "400 moderation_blocked, as OpenAI answers.", On: Images | Video,
		play: func(p *plan) {
			p.fail(400, "image_generation_user_error", "moderation_blocked", "Your request was rejected by the safety system. If you believe this is an error, contact us and include the request ID "+p.c.entry.RequestID+". safety_violations=[violence].")
		}},
	{Name: "image-partial", Doc: "200 with fewer pictures than were asked for.", On: Images, Keys: []Key{{"missing", "1", "how many are missing"}},
		play: func(p *plan) { p.image.fewer = p.k.num("missing") }},
	{Name: "image-black", Doc: "200 with a picture that is black all over.", On: Images,
		play: func(p *plan) { p.image.black = true }},
	{Name: "image-corrupt", Doc: "200 with bytes that are not the picture they claim to be.", On: Images | Video,
		Keys: []Key{{"how", "noise", "noise, cut (half of it), html or empty"}},
		play: func(p *plan) { p.image.corrupt = p.k.get("how") }},
}
