package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"

	"github.com/telltale-ai/telltale/doctor"
)

type doctorCmd struct {
	BaseURL    string `name:"base-url" placeholder:"URL" help:"As you would give it to an SDK. Default: OPENAI_BASE_URL, else the provider whose key is set."`
	Model      string `placeholder:"M" help:"Default: a small one of the endpoint's list."`
	ImageModel string `placeholder:"M" help:"Make one picture with it, at its price."`
	VideoModel string `placeholder:"M" help:"Order one video with it, at its price."`
	KeyEnv     string `placeholder:"NAME" help:"The environment variable that holds the key. Default: that of the provider, else OPENAI_API_KEY."`
	JSON       bool   `name:"json" help:"Write the report as JSON."`
}

// Help is shown by telltale doctor --help.
func (doctorCmd) Help() string {
	return `Runs the debugging checklist live: key, base URL, DNS, TCP, TLS, endpoint, clock, list of models, a plain call,
a stream, JSON mode, a tool call; with --image-model and --video-model a picture and a video.

Without those two it sends a few requests of at most 256 tokens each. The key is never printed.

Exit code: 0 when nothing failed, 1 when a check failed, 2 when it is not known what to look at.`
}

// home is where a provider's key and address are usually found.
type home struct{ key, url, base string }

// homes in the order in which they are tried.
var homes = []home{
	{"OPENAI_API_KEY", "OPENAI_BASE_URL", "https://api.openai.com/v1"},
	{"COMETAPI_KEY", "COMETAPI_BASE_URL", "https://api.cometapi.com/v1"},
	{"ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "https://api.anthropic.com"},
	{"OPENROUTER_API_KEY", "", "https://openrouter.ai/api/v1"},
	{"GEMINI_API_KEY", "", "https://generativelanguage.googleapis.com/v1beta/openai"},
	{"MISTRAL_API_KEY", "", "https://api.mistral.ai/v1"},
	{"DEEPSEEK_API_KEY", "", "https://api.deepseek.com"},
	{"GROQ_API_KEY", "", "https://api.groq.com/openai/v1"},
	{"XAI_API_KEY", "", "https://api.x.ai/v1"},
}

// Run runs the checklist and prints what came of it.
func (c *doctorCmd) Run(a *app) error {
	o, err := c.options(a)
	if err != nil {
		return err
	}
	var each func(doctor.Result)
	w := colorprofile.NewWriter(a.stdout, os.Environ())
	if !c.JSON {
		fmt.Fprintf(w, "%s\n", o.BaseURL)
		each = func(r doctor.Result) { printResult(w, r) }
	}
	report := doctor.Run(a.ctx, o, each)
	if c.JSON {
		enc := json.NewEncoder(a.stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		if err := enc.Encode(report); err != nil {
			return err
		}
	} else {
		failed := 0
		for _, r := range report.Checks {
			if r.State == doctor.Failed {
				failed++
			}
		}
		if failed == 0 {
			fmt.Fprintln(w, "\nnothing failed")
		} else {
			fmt.Fprintf(w, "\n%d failed\n", failed)
		}
	}
	if !report.OK {
		return &exit{code: 1}
	}
	return nil
}

// options finds out what to look at, from flags and environment.
func (c *doctorCmd) options(a *app) (doctor.Options, error) {
	o := doctor.Options{BaseURL: c.BaseURL, Model: c.Model, ImageModel: c.ImageModel, VideoModel: c.VideoModel, KeyName: c.KeyEnv}
	for _, h := range homes {
		if o.BaseURL != "" {
			break
		}
		if h.url != "" && a.getenv(h.url) != "" {
			o.BaseURL = a.getenv(h.url)
		} else if a.getenv(h.key) != "" && (c.KeyEnv == "" || c.KeyEnv == h.key) {
			o.BaseURL = h.base
		}
	}
	if o.BaseURL == "" {
		return o, &exit{code: 2, err: fmt.Errorf("it is not known what to look at: no --base-url, no OPENAI_BASE_URL, and no provider's key is set"),
			hint: "telltale doctor --base-url https://api.openai.com/v1"}
	}
	if o.KeyName == "" {
		o.KeyName = keyNameFor(a, o.BaseURL)
	}
	o.Key = a.getenv(o.KeyName)
	return o, nil
}

// keyNameFor is the variable of the provider that a base URL names, else that which SDKs read.
// No other provider's key is ever sent to a host that is not its own.
func keyNameFor(a *app, base string) string {
	for _, h := range homes {
		host := strings.TrimPrefix(h.base, "https://")
		host, _, _ = strings.Cut(host, "/")
		if strings.Contains(base, host) && a.getenv(h.key) != "" || h.url != "" && a.getenv(h.url) == base && a.getenv(h.key) != "" {
			return h.key
		}
	}
	return "OPENAI_API_KEY"
}

// printResult prints one line of the checklist, with what to do below it.
func printResult(w *colorprofile.Writer, r doctor.Result) {
	style := map[doctor.State]lipgloss.Style{
		doctor.OK:      lipgloss.NewStyle().Foreground(lipgloss.Color("10")),
		doctor.Failed:  lipgloss.NewStyle().Foreground(lipgloss.Color("9")).Bold(true),
		doctor.Warning: lipgloss.NewStyle().Foreground(lipgloss.Color("11")),
		doctor.Skipped: lipgloss.NewStyle().Faint(true),
	}[r.State]
	fmt.Fprintf(w, "  %s %-13s %s\n", style.Render(fmt.Sprintf("%-7s", r.State)), r.Title, plain(r.Seen))
	if r.State == doctor.OK {
		return
	}
	for _, do := range r.Do {
		fmt.Fprintf(w, "  %-7s %-13s → %s\n", "", "", plain(do))
	}
}
