package catalog

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TaskView is what an answer says about a task. Every field may be empty.
type TaskView struct {
	ID       string
	Status   string    // the provider's own word
	State    TaskState // what it means; empty when the answer speaks of no task
	Known    bool      // the word is in the dialect; an unknown word reads as running, and a warning is due
	Note     string    // what the word means beyond its state
	Progress float64   // 0 to 1; -1 when not told

	URLs    []string // of the media, in order, each once
	Inline  []string // media as base64 or data URLs
	Files   []string // ids of files that a further call turns into media
	Expires time.Time

	Refused        bool // an envelope's own code says no: the answer is an error whatever the HTTP status
	ErrorCode      string
	ErrorMessage   string
	Where          string // the path at which a word, a filter or an error was found
	PollURL        string // as the answer names it
	CancelURL      string
	ResultURL      string
	PartlyFiltered bool // moderation took some of the results, not all
	BodyIsMedia    bool // the answer's body is the media
	Other          bool // there is a result, and it is no media
}

// ReadTask reads an answer that came with HTTP 200: see [TaskDialect.Read].
func ReadTask(d *TaskDialect, body []byte) TaskView { return d.Read(200, body) }

// Read says what an answer to a create or a poll tells of the task. It never fails: what cannot be read is left empty.
func (d *TaskDialect) Read(status int, body []byte) TaskView {
	v := TaskView{Progress: -1}
	if s, ok := d.HTTP[status]; ok {
		v.State, v.Known, v.Where, v.Status = s, true, "status", strconv.Itoa(status)
	}
	doc, ok := decodeJSON(body)
	if !ok {
		v.BodyIsMedia = d.BodyIsMedia && v.State == TaskSucceeded && len(body) > 0
		return v
	}
	if list, isList := doc.([]any); isList && len(list) == 1 { // Google wraps an error in a list
		doc = list[0]
	}
	v.ID = JSONText(doc, d.ID)
	v.PollURL, v.CancelURL, v.ResultURL = JSONText(doc, d.PollURL), JSONText(doc, d.CancelURL), JSONText(doc, d.ResultURL)
	v.URLs = mediaURLs(doc, d.Results)
	v.Inline = texts(doc, d.Inline)
	v.Files = texts(doc, d.File)
	v.ErrorCode, v.ErrorMessage = JSONText(doc, d.ErrorCode), JSONText(doc, d.ErrorMessage)
	v.Progress = d.progress(doc)
	v.Other = len(v.URLs)+len(v.Inline) == 0 && JSONText(doc, d.Output) != ""
	v.Expires = unixTime(JSONText(doc, d.Expires))
	if code := JSONText(doc, d.Accept); code != "" && !slices.Contains(d.AcceptOK, code) {
		v.Refused = true
		if v.ErrorCode == "" {
			v.ErrorCode = code
		}
		if v.ErrorMessage == "" {
			v.ErrorMessage = JSONText(doc, d.AcceptMessage)
		}
	}
	d.readState(doc, status, &v)
	return v
}

// readState finds the word and lets the rules that outrank words speak.
func (d *TaskDialect) readState(doc any, status int, v *TaskView) {
	for _, p := range d.Status {
		w := JSONText(doc, []string{p})
		if status >= 400 && w == strconv.Itoa(status) {
			continue // a problem document repeats the HTTP status there (RFC 9457)
		}
		if w != "" {
			v.Status, v.Where = w, "body."+p
			v.State, v.Known = d.Word(w)
			break
		}
	}
	results := len(v.URLs)+len(v.Inline) > 0
	if v.State == "" && d.Absent != "" && status/100 == 2 {
		v.State, v.Known = d.Absent, true
		if results {
			v.State = TaskSucceeded
		}
	}
	v.Note = d.WordNote[v.Status]
	if where := firstAt(doc, d.FailedIf); where != "" && status/100 == 2 {
		v.State, v.Known, v.Where = TaskFailed, true, where
	}
	for _, r := range d.Missing {
		if where := r.holds(doc); where != "" {
			v.State, v.Known, v.Where = TaskMissing, true, where
		}
	}
	for _, r := range d.Filtered {
		where := r.holds(doc)
		switch {
		case where == "":
		case results && !r.Even:
			v.PartlyFiltered = true
		case v.State == "" || v.State.Ended() || v.Refused:
			v.State, v.Known, v.Where = TaskFiltered, true, where
			if v.ErrorMessage == "" {
				v.ErrorMessage = JSONText(doc, r.At)
			}
		}
	}
}

// Word says what a status word means in this dialect. A word that is not listed is running, known false.
func (d *TaskDialect) Word(w string) (s TaskState, known bool) {
	if s, ok := d.Words[w]; ok {
		return s, true
	}
	for _, k := range slices.Sorted(maps.Keys(d.Words)) {
		if strings.EqualFold(k, w) {
			return d.Words[k], true
		}
	}
	return TaskRunning, false
}

// TaskWord says what a word means where every dialect that has it agrees, without case.
func TaskWord(w string) (TaskState, bool) {
	var found TaskState
	for _, d := range tasks {
		for k, s := range d.Words {
			if strings.EqualFold(k, w) {
				if found != "" && found != s {
					return "", false
				}
				found = s
			}
		}
	}
	return found, found != ""
}

func (r *TaskRule) holds(doc any) (where string) {
	for _, p := range r.At {
		for _, v := range JSONValues(doc, p) {
			s := jsonText(v)
			if len(r.Any) == 0 {
				if s != "" && s != "false" && s != "0" {
					return "body." + p
				}
				continue
			}
			for _, w := range r.Any {
				if strings.Contains(strings.ToLower(s), strings.ToLower(w)) {
					return "body." + p
				}
			}
		}
	}
	return ""
}

func (d *TaskDialect) progress(doc any) float64 {
	s := strings.TrimSuffix(JSONText(doc, d.Progress), "%")
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return -1
	}
	of := d.ProgressOf
	if of == 0 {
		of = 100
	}
	return min(1, max(0, f/of))
}

// mediaURLs takes the first path that yields http or https URLs (or Google's gs), each once.
func mediaURLs(doc any, paths []string) []string {
	for _, p := range paths {
		var out []string
		for _, v := range JSONValues(doc, p) {
			s, _ := v.(string)
			if !slices.Contains(out, s) && (strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "gs://")) {
				out = append(out, s)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func texts(doc any, paths []string) []string {
	for _, p := range paths {
		var out []string
		for _, v := range JSONValues(doc, p) {
			switch v.(type) {
			case string, json.Number:
				if s := jsonText(v); s != "" {
					out = append(out, s)
				}
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

func firstAt(doc any, paths []string) string {
	r := TaskRule{At: paths}
	return r.holds(doc)
}

func unixTime(s string) time.Time {
	n, err := strconv.ParseFloat(s, 64)
	switch {
	case err != nil || n < 1e9 || n > 1e14:
		return time.Time{}
	case n > 1e11: // milliseconds
		return time.UnixMilli(int64(n)).UTC()
	}
	return time.Unix(int64(n), 0).UTC()
}

// ResultMedia finds the media in the answer to a result call: see [TaskDialect.Result].
func (d *TaskDialect) ResultMedia(body []byte) []string {
	doc, ok := decodeJSON(body)
	if !ok {
		return nil
	}
	return mediaURLs(doc, d.ResultResults)
}

// MediaIn finds media in an answer that gives it at once: URLs (data URLs too) and base64, by the first path of each that yields any.
func MediaIn(body []byte, urls, inline []string) (links, base64 []string) {
	doc, ok := decodeJSON(body)
	if !ok {
		return nil, nil
	}
	for _, s := range texts(doc, urls) {
		if strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://") || strings.HasPrefix(s, "data:") {
			links = append(links, s)
		}
	}
	return links, texts(doc, inline)
}
