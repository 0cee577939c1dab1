package sim

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// imagePlan is what a generation of images brings.
type imagePlan struct {
	empty   bool // no picture, as a filter leaves it
	fewer   int  // pictures that are missing of those asked for
	black   bool
	corrupt string // "html", "cut" or "noise" instead of the picture
	link    file   // what the links are like
}

// images is OpenAI's image generation. Source: https://platform.openai.com/docs/api-reference/images
var images = dialect{name: "images", area: Images, fail: openAIError}

func (s *Server) serveImages(w http.ResponseWriter, r *http.Request) {
	s.images(s.begin(w, r, images), imagesAnswer)
}

// images plans and sends an answer with pictures, which the plan shapes.
func (s *Server) images(c *call, answer func(c *call, p *plan) any) {
	defer s.closeEntry(c)
	if c.refusedKey() {
		return
	}
	p, ok := c.plan()
	if !ok {
		return
	}
	if p.err != nil || p.raw != nil {
		p.send()
		return
	}
	c.accepted(p.k.get("id")) // made, and charged, before its answer can be lost
	switch body := answer(c, p).(type) {
	case rawBody:
		p.body(http.StatusOK, "", body)
	default:
		p.body(http.StatusOK, "application/json", []byte(marshal(body)))
	}
}

// imagesAnswer writes the list of pictures.
func imagesAnswer(c *call, p *plan) any {
	o := obj{"created": c.s.now().Unix()}
	data := []any{}
	revised := "A softened version of the prompt: " + c.prompt
	if p.image.empty {
		o["data"], o["revised_prompt"] = data, revised
		return o
	}
	n := max(1, intOf(c.args["n"])) - p.image.fewer
	base64Only := strings.HasPrefix(bare(c.model), "gpt-image")
	for i := range n {
		one := obj{}
		body, ctype, ext := p.picture(i)
		if base64Only || c.args["response_format"] == "b64_json" {
			one["b64_json"] = base64.StdEncoding.EncodeToString(body)
		} else {
			one["url"] = p.link(body, ctype, ext)
		}
		if !base64Only {
			one["revised_prompt"] = revised
		}
		data = append(data, one)
	}
	o["data"] = data
	if base64Only {
		o["output_format"] = "png"
		o["usage"] = obj{"input_tokens": 20, "output_tokens": 272, "total_tokens": 292}
	}
	return o
}

// picture makes the i-th picture as the plan wants it.
func (p *plan) picture(i int) (body []byte, ctype, ext string) {
	format, _ := p.c.args["output_format"].(string)
	body, ctype, ext = pictureOf(format, int(p.c.s.hash("picture", p.c.prompt)%40)+i*7)
	switch {
	case p.image.black:
		return BlackPNG(), "image/png", "png"
	case p.image.corrupt != "":
		body = spoil(body, p.image.corrupt)
	}
	return body, ctype, ext
}

// spoil makes bytes that are not the media they claim to be.
func spoil(body []byte, how string) []byte {
	switch how {
	case "html":
		return []byte("<!DOCTYPE html><html><head><title>Not here</title></head><body><p>The file you asked for is being prepared.</p></body></html>")
	case "cut":
		return body[:len(body)/2]
	case "empty":
		return []byte{}
	}
	out := make([]byte, len(body))
	for i := range out {
		out[i] = byte(i*7 + 13)
	}
	return out
}

// link keeps bytes and gives the link that the plan wants.
func (p *plan) link(body []byte, ctype, ext string) string {
	f := p.image.link // a copy
	f.body, f.ctype = body, ctype
	if p.later.Steps != nil && p.stage == "download" {
		f.order = p.later
	}
	return p.c.s.keep(p.c.r, &f, ext)
}
