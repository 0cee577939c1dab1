package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/capture"
	"github.com/telltale-ai/telltale/expect"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/internal/config"
)

type explainCmd struct {
	Files    []string `arg:"" optional:"" name:"file" help:"Files with what was pasted, or - for standard input (the default)."`
	JSON     bool     `name:"json" help:"Write each diagnosis as a JSON object, one a line."`
	JSONL    bool     `name:"jsonl" help:"Read one exchange per line and write one diagnosis per line, in order, as they come."`
	Fetch    bool     `help:"Fetch the head of a media URL; without it a URL is judged by what it says itself."`
	Provider string   `help:"Who answered, when the input does not show it: openai, anthropic, gemini, ..."`
	Surface  string   `help:"What was called, when the input does not show it: chat, responses, messages, generate_content, converse, embeddings, images, video_create, video_poll, media_download, models."`
	Expect   string   `placeholder:"SPEC" help:"What the output should be, as the Telltale-Expect header says it: labels=positive|negative|neutral."`
	Task     string   `placeholder:"NAME" help:"What the output should be: the expectation of this name in the configuration."`
	Config   string   `placeholder:"FILE" help:"The configuration that --task is looked up in, and whose catalogue is used."`

	expected *expect.Expectation
	by       *telltale.Diagnoser
}

// Help is shown by telltale explain --help.
func (explainCmd) Help() string {
	return `Paste a response body, the output of curl -i or curl -v, raw HTTP, an event stream, a HAR file, a log,
a traceback or error string of an SDK, a task's JSON, a media URL or a media file.

Exit code: 0 when every exchange is healthy, 1 when a failure was found, 2 when the input could not be read.`
}

// Run reads what was pasted and says what broke.
func (c *explainCmd) Run(a *app) error {
	if err := c.checkSurface(); err != nil {
		return err
	}
	if err := c.expectation(); err != nil {
		return err
	}
	files := c.Files
	if len(files) == 0 {
		files = []string{"-"}
	}
	if c.JSONL {
		return c.lines(a, files)
	}
	var found []verdict
	unread := false
	for _, f := range files {
		items, err := c.read(a, f)
		if err != nil {
			unread = true
			fmt.Fprintf(a.stderr, "error: %s: %v\nhint: %s\n", shown(f), err, hint(err))
			continue
		}
		for i := range items {
			found = append(found, c.judge(a, shown(f), &items[i]))
		}
	}
	if err := c.write(a, found); err != nil {
		return err
	}
	return &exit{code: exitCode(found, unread)}
}

// exitCode is 2 when something could not be read, 1 when a failure was found, 0 when all is healthy.
func exitCode(found []verdict, unread bool) int {
	code := 0
	for i := range found {
		if !found[i].d.OK() {
			code = 1
		}
	}
	if unread {
		return 2
	}
	return code
}

// verdict is one exchange with its diagnosis.
type verdict struct {
	file string
	it   *capture.Item
	d    telltale.Diagnosis
}

// judge diagnoses one item, with what the flags say of it.
func (c *explainCmd) judge(a *app, file string, it *capture.Item) verdict {
	if c.Provider != "" {
		it.Request.Provider = c.Provider
	}
	if c.Surface != "" {
		it.Request.Surface = telltale.Surface(c.Surface)
	}
	it.Expect = c.expected
	if it.Format == "media file" {
		return verdict{file, it, judgeMedia(it, claimedMedia(file))}
	}
	if it.Format == "URL" {
		return verdict{file, it, c.judgeURL(a, it)}
	}
	return verdict{file, it, capture.DiagnoseBy(c.by, &it.Exchange)}
}

func (c *explainCmd) checkSurface() error {
	switch telltale.Surface(c.Surface) {
	case "", telltale.Chat, telltale.Responses, telltale.Messages, telltale.GenerateContent, telltale.Converse, telltale.Embeddings,
		telltale.Images, telltale.VideoCreate, telltale.VideoPoll, telltale.MediaDownload, telltale.Models:
		return nil
	}
	return &exit{code: 2, err: fmt.Errorf("--surface %q is no surface", c.Surface),
		hint: "take one of chat, responses, messages, generate_content, converse, embeddings, images, video_create, video_poll, media_download, models"}
}

// expectation compiles what --expect or --task says of the output.
func (c *explainCmd) expectation() error {
	c.by = &telltale.Diagnoser{}
	var conf *config.Config
	if c.Config != "" || c.Task != "" {
		var err error
		if conf, err = config.Load(c.Config); err != nil {
			return &exit{code: 2, err: err, hint: "telltale config check shows what is wrong with the configuration"}
		}
		c.by.Catalog = conf.Signatures()
	}
	switch {
	case c.Expect != "":
		spec, err := expect.ParseHeader(c.Expect)
		if err == nil {
			c.expected, err = expect.Compile(spec, expect.Options{})
		}
		if err != nil {
			return &exit{code: 2, err: fmt.Errorf("--expect: %w", err), hint: "write it as in the header Telltale-Expect: labels=positive|negative|neutral"}
		}
	case c.Task != "":
		e, ok := conf.Expectations()[c.Task]
		if !ok {
			return &exit{code: 2, err: fmt.Errorf("the configuration has no expectation called %q", c.Task), hint: "its names stand under expect: in the configuration"}
		}
		c.expected = e
	}
	return nil
}

// read finds the exchanges in a file, in standard input ("-") or in a URL given as argument.
func (c *explainCmd) read(a *app, file string) ([]capture.Item, error) {
	if strings.HasPrefix(file, "https://") || strings.HasPrefix(file, "http://") {
		return capture.Parse([]byte(file))
	}
	in, err := open(a, file)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	data, err := io.ReadAll(io.LimitReader(in, capture.MaxInput+1))
	if err != nil {
		return nil, err
	}
	items, err := capture.Parse(data)
	if kind := claimedMedia(file); kind != "" && (err != nil || items[0].Format != "media file") {
		// A file that claims to be media and is none: what it holds instead may say why.
		for i := range items {
			if d := capture.DiagnoseBy(c.by, &items[i].Exchange); !d.OK() && d.Cause != fault.NotAPIResponse {
				items[i].Notes = append(items[i].Notes, "the file's name claims "+kind)
				return items[i : i+1], nil
			}
		}
		it := capture.Item{Format: "media file"}
		it.Response = &telltale.Response{Status: 200, Body: data}
		return []capture.Item{it}, nil
	}
	return items, err
}

// open opens a file, or standard input for "-".
func open(a *app, file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(a.stdin), nil
	}
	return os.Open(file)
}

// shown is how a file is named in messages.
func shown(file string) string {
	if file == "-" {
		return "standard input"
	}
	return file
}

// hint says what to do about an input that could not be read.
func hint(err error) string {
	var p *os.PathError
	if errors.As(err, &p) {
		return "check the path; - reads standard input"
	}
	return capture.Hint(err)
}

// write prints the diagnoses: JSON, one object a line, or pictures of the evidence with a summary.
func (c *explainCmd) write(a *app, found []verdict) error {
	if c.JSON {
		var line []byte
		for i := range found {
			line = append(found[i].d.AppendJSON(line[:0], found[i].it.ID), '\n')
			if _, err := a.stdout.Write(line); err != nil {
				return err
			}
		}
		return nil
	}
	p := newPicture(a)
	for i := range found {
		p.verdict(&found[i], i, len(found))
	}
	p.summary(found)
	return p.flush()
}
