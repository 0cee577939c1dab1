package sim

// Links to media that fail; they are made by a create, and strike at the download.
var urlFaults = []Fault{
	{Name: "url-expired", Doc: "media links that are refused after a while, in the words of the store.", Guide: "Image and video errors: URL returns 403", On: Images | Video,
		Keys: []Key{{"after", "0s", "how long a link works"},
			{"store", "azure", "azure, s3, gcs, oss, tos, r2, cloudfront, plain (403 of nginx), gone (404) or 410"}},
		play: func(p *plan) {
			p.image.link.store, p.image.link.life, p.image.link.expires = p.k.get("store"), p.k.dur("after"), true
		}},
	{Name: "url-link-local", Doc: "media links that redirect to an address inside the network, such as a cloud's metadata service.", On: Images | Video,
		Keys: []Key{{"to", "http://169.254.169.254/latest/meta-data/", "the address"}},
		play: func(p *plan) { p.image.link.to = p.k.get("to") }},
	{Name: "url-endless", Doc: "media links whose body never ends.", On: Images | Video,
		play: func(p *plan) { p.strike("endless") }},
	{Name: "url-html", Doc: "media links that answer 200 with an HTML page.", On: Images | Video,
		play: func(p *plan) { p.strike("html-200") }},
}

// strike lets a fault hit the downloads.
func (p *plan) strike(fault string) {
	p.image.link.order = Spec{Text: fault, Steps: []Step{{Fault: fault, Keys: map[string]string{}}}}
}
