package sim

// Bodies that are not the API's.
var bodyFaults = []Fault{
	{Name: "html-200", Doc: "200 with the HTML page of a web application.", On: Any,
		play: func(p *plan) {
			p.page(200, "text/html; charset=utf-8", `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Console</title><script src="/assets/app.js"></script></head><body><div id="root"></div></body></html>`)
		}},
	{Name: "challenge", Doc: "403 with the page that asks a browser to wait, as a bot filter answers.", On: Any,
		play: func(p *plan) {
			p.page(403, "text/html; charset=UTF-8", `<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body><div class="main-content"><noscript>Enable JavaScript and cookies to continue</noscript></div></body></html>`)
			p.set("Cf-Mitigated", "challenge")
		}},
	{Name: "error-200", Doc: "200 whose body is an error object, as routers of several providers answer.", On: Text | Images | Video | Other,
		play: func(p *plan) {
			p.page(200, "application/json", `{"error":{"message":"Provider returned error","code":502,"metadata":{"provider_name":"Sim","raw":"{\"error\":{\"message\":\"The upstream model is overloaded\",\"type\":\"server_error\"}}"}}}`)
		}},
	{Name: "empty-body", Doc: "200 with no body at all.", On: Any,
		play: func(p *plan) { p.page(200, "application/json", ""); p.raw = []byte{} }},
	{Name: "login-redirect", Doc: "302 to a login page, which answers 200 with HTML.", On: Any,
		play: func(p *plan) {
			p.page(302, "text/html", "<a href=\"/login\">Found</a>.\n")
			p.set("Location", p.c.s.base(p.c.r)+"/login")
		}},
	{Name: "wrong-content-type", Doc: "a healthy answer that calls itself text/html.", On: Text | Images | Other,
		play: func(p *plan) { p.ctype = "text/html; charset=utf-8" }},
	{Name: "glued", Doc: "200 with a healthy answer that has a piece of another after it.", On: Text,
		play: func(p *plan) {
			if !p.c.stream {
				p.page(200, "application/json", marshal(p.c.d.plain(p.c, &p.a))+"\n"+`{"id":"chatcm`)
			}
		}},
}
