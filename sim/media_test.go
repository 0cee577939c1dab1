package sim_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image/jpeg"
	"image/png"
	"io"
	"strings"
	"syscall"
	"testing"

	"github.com/telltale-ai/telltale/sim"
)

func (a *asker) image(model, more string) got {
	a.t.Helper()
	return a.post("/v1/images/generations", `{"model":"`+model+`","prompt":"a boat"`+more+`}`)
}

// video creates a task at /v1/videos and gives its id.
func (a *asker) video(model string) string {
	a.t.Helper()
	g := a.post("/v1/videos", `{"model":"`+model+`","prompt":"a boat"}`)
	g.is(200)
	id, _ := g.at("id").(string)
	if id == "" {
		a.t.Fatalf("no id: %s", g.body)
	}
	return id
}

// states polls n times and gives the words.
func (a *asker) states(id string, n int) string {
	var out []string
	for range n {
		g := a.do("GET", "/v1/videos/"+id, "")
		w, _ := g.at("status").(string)
		if g.status != 200 {
			w, _ = g.at("code").(string)
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

func wantStates(model, want string) func(*asker) {
	return func(a *asker) {
		if s := a.states(a.video(model), len(strings.Fields(want))); s != want {
			a.t.Errorf("%s: %s, want %s", model, s, want)
		}
	}
}

// onMedia says of each fault of images and videos what a plain client sees.
var onMedia = map[string]func(a *asker){
	"image-empty": func(a *asker) {
		g := a.image("dall-e-3@image-empty", "")
		g.is(200)
		g.has(`"data":[]`, `"revised_prompt"`)
	},
	"image-filtered": func(a *asker) { a.image("m@image-filtered", "").want("error.code", "moderation_blocked") },
	"image-partial": func(a *asker) {
		g := a.image("m@image-partial", `,"n":3`)
		if d := g.at("data").([]any); len(d) != 2 {
			a.t.Errorf("%d pictures", len(d))
		}
	},
	"image-black": func(a *asker) {
		g := a.image("gpt-image-2@image-black", "")
		b, _ := base64.StdEncoding.DecodeString(g.at("data.0.b64_json").(string))
		m, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			a.t.Fatal(err)
		}
		for y := range m.Bounds().Dy() {
			for x := range m.Bounds().Dx() {
				if r, g, b, _ := m.At(x, y).RGBA(); r+g+b != 0 {
					a.t.Fatalf("colour at %d,%d", x, y)
				}
			}
		}
	},
	"image-corrupt": func(a *asker) {
		for how, begins := range map[string]string{"noise": "\r", "cut": "\x89PNG", "html": "<!DOCTYPE", "empty": ""} {
			g := a.do("GET", a.image("m@image-corrupt;how="+how, "").at("data.0.url").(string), "")
			g.is(200)
			if !strings.HasPrefix(g.body, begins) {
				a.t.Errorf("%s: %.20q", how, g.body)
			}
			if _, err := png.Decode(strings.NewReader(g.body)); err == nil {
				a.t.Errorf("%s: a sound picture", how)
			}
		}
	},
	"url-expired": func(a *asker) {
		for store, want := range map[string]string{"azure": "Signature not valid in the specified time frame", "s3": "<X-Amz-Expires>", "gcs": "ExpiredToken",
			"oss": "Request has expired.", "r2": "ExpiredRequest", "tos": "expired", "cloudfront": "Access denied", "plain": "403 Forbidden"} {
			link := a.image("m@url-expired;store="+store, "").at("data.0.url").(string)
			if store != "plain" && !strings.Contains(link, "?") {
				a.t.Errorf("%s: unsigned %s", store, link)
			}
			g := a.do("GET", link, "")
			if g.status != 403 && store != "gcs" {
				a.t.Errorf("%s: status %d", store, g.status)
			}
			g.has(want)
		}
		a.do("GET", a.image("m@url-expired;store=gone", "").at("data.0.url").(string), "").is(404)
		a.do("GET", a.image("m@url-expired;store=410", "").at("data.0.url").(string), "").is(410)
		a.do("GET", a.image("m@url-expired;after=1h", "").at("data.0.url").(string), "").is(200)
	},
	"url-link-local": func(a *asker) {
		g := a.do("GET", a.image("m@url-link-local", "").at("data.0.url").(string), "")
		g.is(302)
		if l := g.header.Get("Location"); l != "http://169.254.169.254/latest/meta-data/" {
			a.t.Errorf("to %q", l)
		}
	},
	"url-endless": func(a *asker) {
		resp, err := a.client.Get(a.image("m@url-endless", "").at("data.0.url").(string))
		if err != nil {
			a.t.Fatal(err)
		}
		n, _ := io.CopyN(io.Discard, resp.Body, 20<<20)
		resp.Body.Close()
		if n != 20<<20 {
			a.t.Errorf("ended after %d bytes", n)
		}
	},
	"url-html": func(a *asker) {
		g := a.do("GET", a.image("m@url-html", "").at("data.0.url").(string), "")
		g.is(200)
		g.has("<!DOCTYPE html>")
	},

	"video-stuck":          wantStates("sora-2@video-stuck", "queued queued queued queued queued"),
	"video-hangs":          wantStates("sora-2@video-hangs", "queued in_progress in_progress in_progress"),
	"video-filtered":       wantStates("sora-2@video-filtered", "in_progress failed failed"),
	"video-error":          wantStates("sora-2@video-error", "queued in_progress failed"),
	"video-cancelled":      wantStates("sora-2@video-cancelled", "queued failed"),
	"video-succeed":        wantStates("sora-2@video-succeed", "in_progress succeed"),
	"video-unknown-status": wantStates("sora-2@video-unknown-status", "polishing polishing completed"),
	"video-backwards":      wantStates("sora-2@video-backwards", "in_progress queued in_progress completed"),
	"task-not-exist":       wantStates("sora-2@task-not-exist;late=2", "task_not_exist task_not_exist queued in_progress completed"),
	"video-failed": func(a *asker) {
		g := a.do("GET", "/v1/videos/"+a.video("sora-2@video-failed"), "")
		g.want("status", "failed")
		g.want("error", nil)
	},
	"video-empty": func(a *asker) {
		g := a.do("GET", "/v1/videos/"+a.video("sora-2@video-empty"), "")
		g.want("status", "completed")
		g.want("video_url", nil)
	},
	"video-same-id": func(a *asker) {
		if x, y := a.video("sora-2@video-same-id"), a.video("sora-2@video-same-id"); x != y {
			a.t.Errorf("%s and %s", x, y)
		}
	},
	"video-no-id": func(a *asker) {
		g := a.post("/v1/videos", `{"model":"sora-2@video-no-id","prompt":"a boat"}`)
		g.is(200)
		g.lacks(`"id"`, `"task_id"`)
		g.want("status", "queued")
	},
	"video-lost": func(a *asker) {
		g := a.post("/v1/videos", `{"model":"sora-2@video-lost","prompt":"a lost boat"}`)
		if !errors.Is(g.err, syscall.ECONNRESET) && !errors.Is(g.err, io.EOF) {
			a.t.Errorf("%v", g.err)
		}
		if n := a.s.Stats().Creates["a lost boat"]; n != 1 {
			a.t.Errorf("%d creates were accepted", n)
		}
	},
	"video-result-422": func(a *asker) {
		g := a.post("/fal/fal-ai/veo3@video-result-422", `{"prompt":"a boat"}`)
		status, result := g.at("status_url").(string), g.at("response_url").(string)
		for range 3 {
			g = a.do("GET", status, "")
		}
		g.want("status", "COMPLETED")
		g = a.do("GET", result, "")
		g.is(422)
		g.want("detail.0.type", "content_policy_violation")
	},
	"video-result-500": func(a *asker) {
		g := a.post("/fal/fal-ai/veo3@video-result-500", `{"prompt":"a boat"}`)
		status, result := g.at("status_url").(string), g.at("response_url").(string)
		for range 3 {
			g = a.do("GET", status, "")
		}
		g.want("status", "COMPLETED")
		for _, want := range []int{500, 500, 200} {
			g = a.do("GET", result, "")
			g.is(want)
		}
	},
}

func TestMediaFaults(t *testing.T) {
	for name, check := range onMedia {
		t.Run(name, func(t *testing.T) { t.Parallel(); check(newAsker(t)) })
	}
}

func TestPictures(t *testing.T) {
	if _, err := png.Decode(bytes.NewReader(sim.PNG())); err != nil {
		t.Error(err)
	}
	if _, err := jpeg.Decode(bytes.NewReader(sim.JPEG())); err != nil {
		t.Error(err)
	}
	w := sim.WebP()
	if string(w[:4]) != "RIFF" || string(w[8:15]) != "WEBPVP8" || int(binary.LittleEndian.Uint32(w[4:]))+8 != len(w) {
		t.Errorf("%q", w)
	}
}

// The boxes of the film fill it exactly, and its one chunk begins where the data does, with a picture.
func TestFilm(t *testing.T) {
	film := sim.MP4()
	at := map[string]int{}
	for i := 0; i < len(film); {
		n := int(binary.BigEndian.Uint32(film[i:]))
		at[string(film[i+4:i+8])] = i
		i += n
		if n < 8 || i > len(film) {
			t.Fatalf("a box of %d bytes ends at %d of %d", n, i, len(film))
		}
	}
	data := film[at["mdat"]+8:]
	if _, err := jpeg.Decode(bytes.NewReader(data)); err != nil {
		t.Error(err)
	}
	stco := bytes.Index(film, []byte("stco"))
	if off := binary.BigEndian.Uint32(film[stco+12:]); int(off) != at["mdat"]+8 {
		t.Errorf("the chunk is said to begin at %d, the data begins at %d", off, at["mdat"]+8)
	}
	mvhd := bytes.Index(film, []byte("mvhd"))
	if scale, length := binary.BigEndian.Uint32(film[mvhd+16:]), binary.BigEndian.Uint32(film[mvhd+20:]); length/scale != 5 {
		t.Errorf("%d/%d seconds", length, scale)
	}
}

// A broken download can be taken up again where it broke off.
func TestResume(t *testing.T) {
	a := newAsker(t)
	link := a.image("m@cut-body;on=download;times=1", "").at("data.0.url").(string)
	g := a.do("GET", link, "")
	if g.cut == nil || g.body == "" {
		t.Fatalf("%d bytes, %v", len(g.body), g.cut)
	}
	rest := a.do("GET", link, "", "Range", "bytes="+itoa(len(g.body))+"-")
	rest.is(206)
	if _, err := png.Decode(strings.NewReader(g.body + rest.body)); err != nil {
		t.Error(err)
	}
}
