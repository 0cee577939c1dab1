package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/telltale-ai/telltale/record"
)

type tailCmd struct {
	URL      string `name:"url" help:"The gateway's administration side." default:"http://127.0.0.1:8484" placeholder:"URL"`
	Class    string `help:"Only these classes: ok, hard, soft, silent; several with commas." placeholder:"CLASS"`
	Cause    string `help:"Only these causes; several with commas." placeholder:"CAUSE"`
	Upstream string `help:"Only calls to this upstream." placeholder:"NAME"`
	Model    string `help:"Only calls for this model." placeholder:"NAME"`
	JSON     bool   `name:"json" help:"Write each call as a JSON object, one a line."`
}

// Help is shown by telltale tail --help.
func (tailCmd) Help() string {
	return `Shows each call as it ends, until it is stopped. The token of a gateway that needs one is read from TELLTALE_TOKEN.`
}

// reconnect is how long tail waits before it asks a gateway again that has gone.
const reconnect = 2 * time.Second

// Run shows calls as they end. A gateway that cannot be reached at first is an error; one that goes away is waited for.
func (c *tailCmd) Run(a *app) error {
	_, err1 := record.ParseClasses(c.Class)
	_, err2 := record.ParseCauses(c.Cause)
	if err := errors.Join(err1, err2); err != nil {
		return &exit{code: 2, err: err, hint: "telltale tail --help lists the filters"}
	}
	body, err := c.connect(a)
	if err != nil {
		return err
	}
	for {
		err := c.show(a, body)
		body.Close()
		if a.ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		fmt.Fprintln(a.stderr, "the gateway has gone; waiting for it")
		for {
			select {
			case <-a.ctx.Done():
				return nil
			case <-time.After(reconnect):
			}
			if body, err = c.connect(a); err == nil {
				break
			}
		}
	}
}

func (c *tailCmd) connect(a *app) (io.ReadCloser, error) {
	base := strings.TrimSuffix(strings.TrimRight(c.URL, "/"), "/telltale")
	if !strings.Contains(base, "://") {
		base = "http://" + base
	}
	q := url.Values{}
	for k, v := range map[string]string{"class": c.Class, "cause": c.Cause, "upstream": c.Upstream, "model": c.Model} {
		if v != "" {
			q.Set(k, v)
		}
	}
	req, err := http.NewRequestWithContext(a.ctx, http.MethodGet, base+"/telltale/api/tail?"+q.Encode(), nil)
	if err != nil {
		return nil, &exit{code: 2, err: fmt.Errorf("--url: %w", err), hint: "write it as http://127.0.0.1:8484"}
	}
	if t := a.getenv("TELLTALE_TOKEN"); t != "" {
		req.Header.Set("Authorization", "Bearer "+t)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		if a.ctx.Err() != nil {
			return io.NopCloser(strings.NewReader("")), nil
		}
		return nil, &exit{code: 1, err: fmt.Errorf("the gateway cannot be reached: %w", errors.Unwrap(err)), hint: "start telltale serve, or say with --url where it listens"}
	}
	if resp.StatusCode == http.StatusOK && strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.Body, nil
	}
	defer resp.Body.Close()
	e := &exit{code: 1, err: fmt.Errorf("%s answers %s", base, resp.Status), hint: "--url must be the address that telltale serve prints (or that of admin.listen)"}
	var answer struct {
		Error struct{ Message, Hint string }
	}
	if json.NewDecoder(io.LimitReader(resp.Body, 1<<16)).Decode(&answer) == nil && answer.Error.Message != "" {
		e.err, e.hint = errors.New(plain(answer.Error.Message)), plain(answer.Error.Hint)
	}
	if resp.StatusCode == http.StatusUnauthorized {
		e.hint = "put the gateway's token into TELLTALE_TOKEN"
	}
	return nil, e
}

// show prints calls until the stream ends. Only what cannot be written is an error.
func (c *tailCmd) show(a *app, stream io.Reader) error {
	in := bufio.NewReader(stream)
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil
		}
		data, ok := strings.CutPrefix(strings.TrimRight(line, "\r\n"), "data: ")
		if !ok {
			continue
		}
		if c.JSON {
			if _, err := fmt.Fprintln(a.stdout, data); err != nil {
				return err
			}
			continue
		}
		var e record.Entry
		if json.Unmarshal([]byte(data), &e) != nil {
			continue
		}
		p := newPicture(a)
		p.callLine(&e)
		if e.Failed() {
			p.line("  %s", p.dim.Render(clip(plain(e.Summary.String()), 200)))
		}
		if err := p.flush(); err != nil {
			return err
		}
	}
}
