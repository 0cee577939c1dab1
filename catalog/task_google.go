package catalog

import "time"

// taskGemini is Veo in the Gemini API. An operation has no status word: it is done or not, and a
// filtered one is done without a video and without an error.
var taskGemini = TaskDialect{
	Name: "gemini-video", Provider: "gemini", Media: "video",
	Source: []string{
		"https://ai.google.dev/gemini-api/docs/video",
		"https://github.com/googleapis/js-genai/issues/1272",
		"https://github.com/genkit-ai/genkit/issues/4025",
	},
	Notes:        []string{"The audio filter is random: the same input often passes on another try."},
	Hosts:        []string{"generativelanguage.googleapis.com"},
	Create:       []TaskRoute{{Method: "POST", Path: "/{v:v1beta|v1alpha|v1}/models/{model}:predictLongRunning"}},
	Poll:         []TaskRoute{{Method: "GET", Path: "/{v:v1beta|v1alpha|v1}/models/{model}/operations/{op}", ID: "models/{model}/operations/{op}"}},
	Ask:          []TaskRoute{{Method: "GET", Path: "/{v:v1beta|v1alpha|v1}/{id...}"}},
	ID:           []string{"name"},
	Status:       []string{"done"},
	Words:        map[string]TaskState{"true": TaskSucceeded, "false": TaskRunning},
	Absent:       TaskRunning,
	FailedIf:     []string{"error"},
	ErrorCode:    []string{"error.status", "error.code"},
	ErrorMessage: []string{"error.message"},
	Results:      []string{"response.generateVideoResponse.generatedSamples[].video.uri", "response.generatedVideos[].video.uri"},
	Inline:       []string{"response.generateVideoResponse.generatedSamples[].video.encodedVideo"},
	Filtered: []TaskRule{{At: []string{
		"response.generateVideoResponse.raiMediaFilteredReasons", "response.generateVideoResponse.raiMediaFilteredCount",
		"response.raiMediaFilteredReasons", "response.raiMediaFilteredCount",
	}}},
	BytesKey:  true,
	PollEvery: 10 * time.Second,
}

// taskVertex is Veo on Vertex AI, which is polled by POST.
var taskVertex = TaskDialect{
	Name: "vertex-video", Provider: "vertex", Media: "video",
	Source: []string{
		"https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/veo-video-generation",
		"https://github.com/vercel/ai (packages/google-vertex: google-vertex-video-model: fetchPredictOperation, videos)",
		"https://cloud.google.com/dotnet/docs/reference/Google.Cloud.AIPlatform.V1Beta1/latest/Google.Cloud.AIPlatform.V1Beta1.GenerateVideoResponse",
	},
	Hosts: []string{"aiplatform.googleapis.com", "*-aiplatform.googleapis.com", "storage.googleapis.com"},
	Create: []TaskRoute{
		{Method: "POST", Path: "/publishers/google/models/{model}:predictLongRunning"},
	},
	Poll: []TaskRoute{{
		Method: "POST", Path: "/publishers/google/models/{model}:fetchPredictOperation",
		IDIn: "operationName", Body: `{"operationName":"{id}"}`,
	}},
	ID:           []string{"name"},
	Status:       []string{"done"},
	Words:        map[string]TaskState{"true": TaskSucceeded, "false": TaskRunning},
	Absent:       TaskRunning,
	FailedIf:     []string{"error"},
	ErrorCode:    []string{"error.status", "error.code"},
	ErrorMessage: []string{"error.message"},
	Results:      []string{"response.videos[].gcsUri", "response.gcsUris[]"},
	Inline:       []string{"response.videos[].bytesBase64Encoded"},
	Filtered:     []TaskRule{{At: []string{"response.raiMediaFilteredReasons", "response.raiMediaFilteredCount"}}},
	BytesKey:     true,
	PollEvery:    10 * time.Second,
}
