package sim

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// file is a picture or a video that can be downloaded.
type file struct {
	name    string
	body    []byte
	ctype   string
	store   string    // whose links and refusals: azure, s3, gcs, oss, cloudfront, r2, tos, google, "" for plain
	born    time.Time // when the link was made
	life    time.Duration
	expires bool // after life the link is refused
	key     bool // the download needs the API key (Google)
	to      string
	order   Spec // failures of the download
}

// keep stores a file and gives the link to it.
func (s *Server) keep(r *http.Request, f *file, ext string) string {
	f.name = s.id("") + "." + ext
	f.born = s.now()
	s.mu.Lock()
	if s.files == nil {
		s.files = map[string]*file{}
	}
	s.files[f.name] = f
	s.names = append(s.names, f.name)
	if len(s.names) > keptTasks {
		delete(s.files, s.names[0])
		s.names = s.names[1:]
	}
	s.mu.Unlock()
	link := s.base(r) + "/sim/media/" + f.name
	if q := f.query(); q != "" {
		link += "?" + q
	}
	return link
}

// query is what the store's signed links carry; their own deadline stands in it.
func (f *file) query() string {
	life := f.life
	if life <= 0 && !f.expires {
		life = time.Hour
	}
	end, secs := f.born.Add(life).UTC(), fmt.Sprint(int(life.Seconds()))
	stamp := f.born.UTC().Format("20060102T150405Z")
	v := url.Values{}
	switch f.store {
	case "azure":
		v.Set("st", f.born.UTC().Format(time.RFC3339))
		v.Set("se", end.Format(time.RFC3339))
		v.Set("sp", "r")
		v.Set("sv", "2024-08-04")
		v.Set("sr", "b")
		v.Set("sig", "c2lt")
	case "s3", "r2":
		v.Set("X-Amz-Algorithm", "AWS4-HMAC-SHA256")
		v.Set("X-Amz-Date", stamp)
		v.Set("X-Amz-Expires", secs)
		v.Set("X-Amz-Signature", "73696d")
	case "gcs":
		v.Set("X-Goog-Algorithm", "GOOG4-RSA-SHA256")
		v.Set("X-Goog-Date", stamp)
		v.Set("X-Goog-Expires", secs)
		v.Set("X-Goog-Signature", "73696d")
	case "tos":
		v.Set("X-Tos-Algorithm", "TOS4-HMAC-SHA256")
		v.Set("X-Tos-Date", stamp)
		v.Set("X-Tos-Expires", secs)
		v.Set("X-Tos-Signature", "73696d")
	case "oss":
		v.Set("OSSAccessKeyId", "LTAIsim")
		v.Set("Expires", fmt.Sprint(end.Unix()))
		v.Set("Signature", "c2lt")
	case "cloudfront":
		v.Set("Expires", fmt.Sprint(end.Unix()))
		v.Set("Key-Pair-Id", "KSIM")
		v.Set("Signature", "c2lt")
	}
	return v.Encode()
}

var download = dialect{name: "download", area: Media, fail: openAIError}

// serveFile answers GET /sim/media/NAME, ranges included.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	c := s.begin(w, r, download)
	defer s.closeEntry(c)
	s.mu.Lock()
	f := s.files[r.PathValue("name")]
	s.mu.Unlock()
	if f == nil {
		status, ctype, body := refusedLink("gone", "", s.now(), s.now())
		c.write(status, ctype, []byte(body))
		return
	}
	s.giveFile(c, f)
}

func (s *Server) giveFile(c *call, f *file) {
	if end := f.born.Add(f.life); f.expires && !s.now().Before(end) {
		status, ctype, body := refusedLink(f.store, c.r.URL.Path, end, s.now())
		c.note("url-expired")
		c.write(status, ctype, []byte(body))
		return
	}
	if f.key && s.fingerprint(c.r) == "" {
		status, body := googleError(&apiError{Status: 403, Message: "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API."}, c)
		c.write(status, "application/json", []byte(marshal(body)))
		return
	}
	if f.to != "" {
		c.w.Header().Set("Location", f.to)
		c.write(http.StatusFound, "", nil)
		return
	}
	st := s.pick(f.order, "download", f.name)
	if h := c.r.Header.Get("Sim-Fault"); h != "" {
		sp, err := Parse(h)
		if err != nil {
			c.misuse(err.Error())
			return
		}
		st = s.pick(sp, "download", f.name)
	}
	p, ok := c.planOf(st)
	if !ok {
		return
	}
	c.w.Header().Set("Etag", `"`+f.name+`"`)
	if st.Fault == "ok" {
		c.w.Header().Set("Content-Type", f.ctype)
		c.entry.status(http.StatusOK)
		http.ServeContent(c.w, c.r, f.name, f.born, bytes.NewReader(f.body))
		return
	}
	if p.err == nil && p.raw == nil {
		p.page(http.StatusOK, f.ctype, "")
		p.raw = f.body
	}
	p.send()
}

// refusedLink is what a store answers when a link's time is over.
// Sources: https://learn.microsoft.com/rest/api/storageservices/, https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
// https://cloud.google.com/storage/docs/xml-api/reference-status, https://www.alibabacloud.com/help/en/oss/.
func refusedLink(store, path string, end, now time.Time) (status int, ctype, body string) {
	const head = `<?xml version="1.0" encoding="UTF-8"?>` + "\n"
	at, is := end.UTC().Format(time.RFC3339), now.UTC().Format(time.RFC3339)
	ctype = "application/xml"
	switch store {
	case "azure":
		return 403, ctype, "\ufeff" + `<?xml version="1.0" encoding="utf-8"?><Error><Code>AuthenticationFailed</Code><Message>Server failed to authenticate the request. Make sure the value of Authorization header is formed correctly including the signature.` +
			"\nRequestId:00000000-0000-0000-0000-000000000000\nTime:" + is + `</Message><AuthenticationErrorDetail>Signature not valid in the specified time frame: Start [` + at + `] - Expiry [` + at + `] - Current [` + is + `]</AuthenticationErrorDetail></Error>`
	case "gcs":
		return 400, ctype, `<?xml version='1.0' encoding='UTF-8'?><Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message><Details>Request signature expired at: ` + at + `</Details></Error>`
	case "oss":
		return 403, ctype, head + "<Error>\n  <Code>AccessDenied</Code>\n  <Message>Request has expired.</Message>\n  <RequestId>5E8C</RequestId>\n  <HostId>example.oss-cn-beijing.aliyuncs.com</HostId>\n  <Expires>" + at + "</Expires>\n  <ServerTime>" + is + "</ServerTime>\n</Error>"
	case "r2":
		return 403, ctype, head + "<Error><Code>ExpiredRequest</Code><Message>Request has expired</Message></Error>"
	case "cloudfront":
		return 403, "text/xml", head + "<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>"
	case "gone":
		return 404, ctype, head + "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>"
	case "plain":
		return 403, "text/html", nginx("403 Forbidden")
	case "410":
		return 410, "text/plain; charset=utf-8", "Gone\n"
	}
	return 403, ctype, head + "<Error><Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>3600</X-Amz-Expires><Expires>" + at + "</Expires><ServerTime>" + is + "</ServerTime><RequestId>5E8C</RequestId></Error>"
}
