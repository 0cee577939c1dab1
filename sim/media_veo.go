package sim

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
)

// Veo: long-running operations, at Gemini and, polled with a POST, at Vertex.
// Sources: https://ai.google.dev/gemini-api/docs/video, https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation
var (
	veoGemini = veoTask("veo", "google")
	veoVertex = veoTask("vertex", "")
)

func veoTask(name, store string) *taskAPI {
	return &taskAPI{name: name, prefix: "", ext: "mp4", store: store,
		words: [5]string{"", "", "", "", ""},
		created: func(c *call, t *task, id any) (int, any) {
			if id == nil {
				return 200, obj{}
			}
			return 200, obj{"name": operation(t)}
		},
		polled: func(c *call, t *task, v view) (int, any) {
			o := obj{"name": operation(t)}
			if v.state < succeeded {
				return 200, o
			}
			o["done"] = true
			switch {
			case v.filtered:
				o["response"] = veoResponse(c, t, view{noResult: true}, []any{"We encountered an issue with the prompt you provided: it violates our usage guidelines. Support codes: 58061214"})
			case v.state == succeeded:
				o["response"] = veoResponse(c, t, v, nil)
			case v.state == cancelled:
				o["error"] = obj{"code": 1, "message": "The operation was cancelled."}
			case v.code != "":
				o["error"] = obj{"code": 13, "message": v.reason}
			default:
				o["error"] = obj{"code": 13}
			}
			return 200, o
		},
		unknown: func(c *call, id string) (int, any) {
			return googleError(&apiError{Status: 404, Message: "Operation not found: " + id}, c)
		},
		fail: googleError}
}

// operation is the full name of a task: the path of its model and the id.
func operation(t *task) string {
	path := strings.TrimPrefix(t.c.r.URL.Path, "/")
	if i := strings.LastIndex(path, ":"); i >= 0 {
		path = path[:i]
	}
	_, path, _ = strings.Cut(path, "/") // without the version
	return path + "/operations/" + t.id
}

func veoResponse(c *call, t *task, v view, blocked []any) obj {
	links := t.results(c, v)
	if t.api.name == "vertex" {
		r := obj{"@type": "type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse", "raiMediaFilteredCount": len(blocked)}
		if len(blocked) > 0 {
			r["raiMediaFilteredReasons"] = blocked
		}
		videos := []any{}
		for range links {
			videos = append(videos, obj{"bytesBase64Encoded": base64.StdEncoding.EncodeToString(t.file().body), "mimeType": "video/mp4"})
		}
		r["videos"] = videos
		return r
	}
	r := obj{}
	if len(blocked) > 0 {
		r["raiMediaFilteredCount"], r["raiMediaFilteredReasons"] = len(blocked), blocked
	} else {
		samples := []any{}
		for _, u := range links {
			samples = append(samples, obj{"video": obj{"uri": u}})
		}
		r["generatedSamples"] = samples
	}
	return obj{"@type": "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse", "generateVideoResponse": r}
}

// veo answers predictLongRunning and Vertex's fetchPredictOperation.
func (s *Server) veo(w http.ResponseWriter, r *http.Request, model, op string) {
	a := veoGemini
	if strings.HasPrefix(r.URL.Path, "/v1/projects/") {
		a = veoVertex
	}
	if op == "predictLongRunning" {
		s.create(w, r, a, model)
		return
	}
	body, r2 := peek(r)
	name, _ := body["operationName"].(string)
	s.poll(w, r2, name[strings.LastIndex(name, "/")+1:], a, model)
}

// peek reads a JSON body and puts it back.
func peek(r *http.Request) (obj, *http.Request) {
	b, _ := io.ReadAll(io.LimitReader(r.Body, maxRequest))
	o := obj{}
	_ = json.Unmarshal(b, &o)
	r.Body = io.NopCloser(bytes.NewReader(b))
	return o, r
}
