// Package config reads Telltale's configuration: call [Load], which finds the file, checks it
// strictly and fills in the defaults.
package config

import (
	"time"

	"github.com/telltale-ai/telltale/catalog"
	"github.com/telltale-ai/telltale/expect"
)

// Config is the whole configuration. [Default] gives every key its default.
type Config struct {
	Listen           string              `yaml:"listen" doc:"address that the gateway listens on; port 0 takes a free one"`
	Data             string              `yaml:"data" doc:"folder for records, tasks and kept media"`
	Mode             string              `yaml:"mode" doc:"observe, recover or strict"`
	Recover          []string            `yaml:"recover" doc:"recoveries beyond the defaults: heal, reprompt, continue, raise_limit, fallback"`
	StopOnRepetition bool                `yaml:"stop_on_repetition" doc:"cancel a stream that has fallen into a loop, which saves what it would still cost"`
	DefaultUpstream  string              `yaml:"default_upstream" doc:"name of the upstream behind /v1/"`
	Upstreams        map[string]Upstream `yaml:"upstreams" doc:"the providers, by the name that their path begins with"`
	Routes           []Route             `yaml:"routes" doc:"what differs for some models"`
	Retry            Retry               `yaml:"retry" doc:"how failed calls are repeated"`
	Limits           Limits              `yaml:"limits" doc:"time and size limits of one call"`
	Expect           map[string]Expected `yaml:"expect" doc:"expectations of outputs, by task name"`
	Catalog          string              `yaml:"catalog" doc:"JSON file with signatures of your own, laid over the built-in catalogue"`
	Record           Record              `yaml:"record" doc:"what is recorded, where and for how long"`
	Tasks            Tasks               `yaml:"tasks" doc:"video and other long tasks"`
	Media            Media               `yaml:"media" doc:"keeping images and videos before their URLs expire"`
	Admin            Admin               `yaml:"admin" doc:"the administration side: API, dashboard, metrics"`

	dir      string   // relative paths in the file are relative to it
	warnings []string // what is odd but no error
	expected map[string]*expect.Expectation
	catalog  catalog.Set
}

// Upstream is one provider.
type Upstream struct {
	BaseURL    string   `yaml:"base_url" doc:"such as https://api.openai.com/v1"`
	APIKey     Secret   `yaml:"api_key" doc:"sent instead of the client's own key; ${NAME} reads the environment"`
	Provider   string   `yaml:"provider" doc:"who it is, where the host does not tell: openai, anthropic, gemini, ..."`
	Idempotent bool     `yaml:"idempotent" doc:"it honours Idempotency-Key: a create whose answer was lost is sent again, with the key"`
	Mode       string   `yaml:"mode" doc:"mode for this upstream"`
	Recover    []string `yaml:"recover" doc:"recoveries for this upstream"`

	StopOnRepetition *bool `yaml:"stop_on_repetition,omitempty" doc:"stop_on_repetition for this upstream"`
}

// Route says what differs for the calls that it matches; the first match counts.
type Route struct {
	Match      Match               `yaml:"match" doc:"which calls; every pattern that is given must match"`
	Fallback   []string            `yaml:"fallback" doc:"models, or upstream/model, to try in this order"`
	FallbackOn map[string][]string `yaml:"fallback_on" doc:"another list for a cause; an empty list means: never for this cause"`
	Mode       string              `yaml:"mode" doc:"mode for these calls"`
	Recover    []string            `yaml:"recover" doc:"recoveries for these calls"`
	Task       string              `yaml:"task" doc:"expectation that these calls are held to"`

	StopOnRepetition *bool `yaml:"stop_on_repetition,omitempty" doc:"stop_on_repetition for these calls"`
	Opinion          `yaml:",inline"`
}

// Match selects calls. A pattern may hold * for any text.
type Match struct {
	Model    string `yaml:"model" doc:"pattern of the model's name"`
	Path     string `yaml:"path" doc:"pattern of the path"`
	Upstream string `yaml:"upstream" doc:"name of the upstream"`
}

// Retry says how failed calls are repeated.
type Retry struct {
	Attempts   int      `yaml:"attempts" doc:"attempts a call, the first included; 1 never repeats"`
	Budget     Duration `yaml:"budget" doc:"time that all attempts and waits of a call may take before no new attempt begins"`
	Base       Duration `yaml:"base" doc:"first backoff, before jitter"`
	Max        Duration `yaml:"max" doc:"longest backoff"`
	Load       float64  `yaml:"load" doc:"repeats allowed as a share of calls, 0 to 1"`
	RepeatLost bool     `yaml:"repeat_lost" doc:"repeat a text call whose answer was lost, although it may have been charged; media creates never are"`
}

// Limits bounds one call.
type Limits struct {
	Connect   Duration `yaml:"connect" doc:"until the connection stands"`
	FirstByte Duration `yaml:"first_byte" doc:"until the response begins"`
	Idle      Duration `yaml:"idle" doc:"between two parts of a stream"`
	Total     Duration `yaml:"total" doc:"for the whole call"`
	Hold      Size     `yaml:"hold" doc:"largest body that is held to be repeated, repaired or judged whole"`
}

// Record says what is recorded.
type Record struct {
	Store   Secret   `yaml:"store" doc:"sqlite, or postgres://..."`
	Bodies  string   `yaml:"bodies" doc:"failures, all or none: which request and response bodies are kept, redacted"`
	Keep    Duration `yaml:"keep" doc:"records older than this are removed; 0 keeps them"`
	MaxSize Size     `yaml:"max_size" doc:"the oldest records are removed above this size; 0 keeps them"`
}

// Tasks says how video and other long tasks are followed.
type Tasks struct {
	PollFirst  Duration          `yaml:"poll_first" doc:"wait before the first poll"`
	PollMax    Duration          `yaml:"poll_max" doc:"longest wait between polls"`
	QueueLimit Duration          `yaml:"queue_limit" doc:"a task queued longer than this is diagnosed task_stuck"`
	Deadline   Duration          `yaml:"deadline" doc:"a task older than this is given up"`
	Resubmit   map[string]string `yaml:"resubmit" doc:"by model (a pattern): the model that a stuck task is submitted to again, at the same upstream, once the old one is cancelled or counts as lost; its prompt is then stored with the task"`
	LostAfter  Duration          `yaml:"lost_after" doc:"a stuck task that cannot be cancelled counts as lost after this; 0: never"`
	Webhook    Webhook           `yaml:"webhook" doc:"told of every task that ends, beside the one that a call names"`
}

// Webhook is where the end of tasks is told.
type Webhook struct {
	URL    string `yaml:"url" doc:"receives a POST, signed by the Standard Webhooks scheme"`
	Secret Secret `yaml:"secret" doc:"signing secret (whsec_...), for webhooks that calls name too"`
}

// Media says how images and videos are kept.
type Media struct {
	Keep         bool     `yaml:"keep" doc:"fetch media as soon as they are ready and keep them"`
	Rewrite      bool     `yaml:"rewrite" doc:"put the URLs of kept media in the place of the provider's"`
	PublicURL    string   `yaml:"public_url" doc:"what the URLs of kept media begin with, where clients reach the gateway under another address than it listens on"`
	Store        Secret   `yaml:"store" doc:"folder, or s3://bucket/prefix?endpoint=..."`
	AllowPrivate []string `yaml:"allow_private" doc:"private hosts or networks that media may be fetched from and webhooks sent to"`
	MaxBytes     Size     `yaml:"max_bytes" doc:"largest single file"`
	MaxAge       Duration `yaml:"max_age" doc:"kept media older than this are removed; 0 keeps them"`
	MaxSize      Size     `yaml:"max_size" doc:"the oldest kept media are removed above this size; 0 keeps them"`
}

// Admin is the administration side.
type Admin struct {
	Listen string `yaml:"listen" doc:"an address of its own; empty: on the gateway's"`
	Token  Secret `yaml:"token" doc:"needed as soon as it listens on more than loopback"`
}

// Default is the configuration without a file.
func Default() *Config {
	return &Config{
		Listen: "127.0.0.1:8484",
		Data:   "./telltale-data",
		Mode:   "recover",
		Retry:  Retry{Attempts: 4, Budget: Duration(60 * time.Second), Base: Duration(500 * time.Millisecond), Max: Duration(30 * time.Second), Load: 0.2, RepeatLost: true},
		Limits: Limits{Connect: Duration(10 * time.Second), FirstByte: Duration(120 * time.Second), Idle: Duration(60 * time.Second), Total: Duration(10 * time.Minute), Hold: 8 << 20},
		Record: Record{Store: Plain("sqlite"), Bodies: "failures", Keep: Duration(720 * time.Hour), MaxSize: 10 << 30},
		Tasks:  Tasks{PollFirst: Duration(5 * time.Second), PollMax: Duration(30 * time.Second), QueueLimit: Duration(10 * time.Minute), Deadline: Duration(24 * time.Hour)},
		Media:  Media{Keep: true, Store: Plain("folder"), MaxBytes: 4 << 30},
	}
}
