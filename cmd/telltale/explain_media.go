package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/capture"
	"github.com/telltale-ai/telltale/fault"
	"github.com/telltale-ai/telltale/media"
)

const fetchHead = 64 << 10 // how much of a media URL --fetch reads, in bytes

// verdictOf makes a diagnosis of what was found without the engine.
func verdictOf(class fault.Class, cause fault.Cause, summary, signature string, likely bool, e ...telltale.Evidence) telltale.Diagnosis {
	info, _ := fault.Lookup(cause)
	return telltale.Diagnosis{Class: class, Cause: cause, Retryable: info.Retryable, Action: info.Action, Remedies: info.Remedies,
		Summary: summary, Likely: likely, Evidence: e, Signature: signature}
}

// judgeURL judges a media URL: by its own deadline, or with --fetch by what it answers.
func (c *explainCmd) judgeURL(a *app, it *capture.Item) telltale.Diagnosis {
	if c.Fetch {
		if err := fetch(a.ctx, it); err != nil {
			it.Err = err
		} else if it.Response.Status == http.StatusOK && !it.Response.Partial {
			return judgeMedia(it, it.Response.Header.Get("Content-Type"))
		}
		return telltale.Diagnose(&it.Exchange)
	}
	at, ok := media.Deadline(it.Request.URL)
	switch {
	case !ok:
		it.Notes = append(it.Notes, "--fetch asks the server for the head of it")
		return verdictOf(fault.OK, fault.None, "The URL states no deadline, so it cannot be judged without asking for it.", "", false)
	case time.Now().After(at):
		return verdictOf(fault.Hard, fault.URLExpired, fmt.Sprintf("The signed URL is valid until %s, which is over: the server will likely answer 403.", at.UTC().Format(time.RFC3339)),
			"url-deadline", true, telltale.Evidence{Where: "request.url", Value: deadlineParam(it.Request.URL)})
	}
	it.Notes = append(it.Notes, "--fetch asks the server for the head of it")
	return verdictOf(fault.OK, fault.None, fmt.Sprintf("The signed URL is valid until %s (%s from now).", at.UTC().Format(time.RFC3339), time.Until(at).Round(time.Second)), "", false)
}

// deadlineParam is the part of a signed URL that states its deadline.
func deadlineParam(u string) string {
	_, query, _ := strings.Cut(u, "?")
	for _, p := range strings.Split(query, "&") {
		if k, _, _ := strings.Cut(strings.ToLower(p), "="); strings.HasSuffix(k, "expires") || k == "se" {
			return p
		}
	}
	return ""
}

// fetch gets the head of a URL into it.
func fetch(ctx context.Context, it *capture.Item) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, it.Request.URL, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Range", fmt.Sprintf("bytes=0-%d", fetchHead-1))
	start := time.Now()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, fetchHead))
	it.Err, it.Start, it.Elapsed = err, start, time.Since(start)
	status, whole := resp.StatusCode, int64(len(body))
	if status == http.StatusPartialContent {
		status = http.StatusOK
		_, total, _ := strings.Cut(resp.Header.Get("Content-Range"), "/")
		whole = -1
		if total == fmt.Sprint(len(body)) {
			whole = int64(len(body))
		}
	} else if resp.ContentLength > whole || whole == fetchHead {
		whole = -1
	}
	it.Response = &telltale.Response{Status: status, Header: resp.Header, Body: body, Partial: whole < 0}
	it.Notes = append(it.Notes, fmt.Sprintf("the first %d bytes were fetched", len(body)))
	it.Source, it.Body = nil, nil
	it.At, it.Format = capture.Span{}, "media URL"
	return nil
}

// claimedMedia is the media type that a file's name claims; "" when it claims none.
func claimedMedia(file string) string {
	switch ext := strings.ToLower(filepath.Ext(file)); ext {
	case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".mp4", ".webm", ".mov", ".m4v", ".mp3", ".wav", ".avif":
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "image/*"
	}
	return ""
}

// judgeMedia looks whether a whole media file is what it claims, and whether it shows anything.
func judgeMedia(it *capture.Item, claimed string) telltale.Diagnosis {
	body := it.Response.Body
	info, err := media.Check(bytes.NewReader(body), int64(len(body)), claimed)
	if err != nil {
		return verdictOf(fault.Silent, fault.CorruptMedia, "The file is not the media that it claims to be: "+err.Error()+".", "media-check", false,
			telltale.Evidence{Where: "body", Value: err.Error()})
	}
	for _, w := range info.Warnings {
		if strings.HasPrefix(w, "blank") || strings.HasPrefix(w, "mismatch") || strings.HasPrefix(w, "short") {
			return verdictOf(fault.Silent, fault.CorruptMedia, "The file is likely no usable media: "+w+".", "media-check", true, telltale.Evidence{Where: "body", Value: w})
		}
	}
	what := info.Type
	if info.Width > 0 {
		what += fmt.Sprintf(", %dx%d", info.Width, info.Height)
	}
	if info.Duration > 0 {
		what += ", " + info.Duration.Round(100*time.Millisecond).String()
	}
	return verdictOf(fault.OK, fault.None, fmt.Sprintf("The file is whole (%s, %d bytes).", what, len(body)), "media-check", false)
}
