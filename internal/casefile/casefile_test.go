package casefile

import (
	"strings"
	"testing"
)

func TestRead(t *testing.T) {
	good := `{"id":"a","status":429,"body":"{}","label":{"class":"hard","cause":"rate_limited","retryable":true,"param":""},"source":"https://example.com"}`
	got, err := Read(strings.NewReader(good + "\n\n"))
	if err != nil || len(got) != 1 || got[0].Status != 429 {
		t.Fatalf("Read = %v, %v", got, err)
	}
	for name, bad := range map[string]string{
		"unknown key":    strings.Replace(good, `"status"`, `"staus"`, 1),
		"no cause":       strings.Replace(good, "rate_limited", "", 1),
		"no source":      strings.Replace(good, "https://example.com", "", 1),
		"twice":          good + "\n" + good,
		"no JSON":        "{",
		"unknown class":  strings.Replace(good, `"hard"`, `"heavy"`, 1),
		"label mistyped": strings.Replace(good, `"param"`, `"params"`, 1),
	} {
		if _, err := Read(strings.NewReader(bad)); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
