package telltale

import (
	"strings"

	"github.com/telltale-ai/telltale/fault"
)

// checkModel finds that another model answered than the one that was asked for: one of another family, another
// generation or another size. A dated snapshot, a suffix, a router's prefix, a file's path or an alias is none.
func checkModel(f *Facts, named []byte) *Found {
	got := f.Model
	if got == "" || f.Surface == Embeddings {
		return nil
	}
	if strings.Contains(f.X.Request.URL, "/deployments/") {
		return nil // a deployment is called as its owner likes
	}
	if named != nil && !otherModel(view(named), got) {
		return nil // without reading the whole request
	}
	asked := f.Request().Model
	if asked == "" || len(f.Request().raw["models"]) > 0 || !otherModel(asked, got) {
		return nil
	}
	return &Found{Cause: fault.ModelMismatch, Rule: "model", Summary: "The request asks for " + clip(asked, 100) + "; " + clip(got, 100) + " answered.",
		Evidence: []Evidence{evidence("request.model", asked), evidence("body.model", got)}}
}

// families are names by which models are told apart.
var families = []string{"gpt", "claude", "gemini", "gemma", "llama", "mixtral", "ministral", "codestral", "magistral", "devstral", "pixtral", "mistral", "qwen", "qwq", "deepseek", "command", "grok", "kimi", "glm", "phi", "nova", "jamba", "ernie", "doubao", "hunyuan", "minimax", "sonar", "granite", "nemotron"}

// otherModel reports whether two names cannot be of one model. It is built to say no in doubt.
func otherModel(asked, got string) bool {
	if rest, ok := strings.CutPrefix(got, asked); ok && strings.Trim(rest, "-0123456789") == "" {
		return false // the same, or dated
	}
	a, g := bareModel(asked), bareModel(got)
	if a == "" || g == "" || strings.Contains(g, a) || strings.Contains(a, g) {
		return otherSize(a, g)
	}
	fa, fg := familiesOf(a), familiesOf(g)
	if len(fa) == 0 || len(fg) == 0 {
		return false
	}
	for _, x := range fa {
		for _, y := range fg {
			if x == y {
				return otherGeneration(a, g, x) || otherSize(a, g)
			}
		}
	}
	return len(fa) == 1 && len(fg) == 1
}

// bareModel drops what does not name the model: path, router's prefix, variant after a colon.
func bareModel(s string) string {
	s = strings.ToLower(strings.TrimSpace(s))
	s = s[strings.LastIndexAny(s, "/\\")+1:]
	if i := strings.LastIndexAny(s, ":@"); i > 0 {
		s = s[:i]
	}
	return strings.TrimSuffix(s, ".gguf")
}

func familiesOf(s string) (found []string) {
	for _, f := range families {
		if i := strings.Index(s, f); i >= 0 && (i == 0 || !isWord(s[i-1])) {
			found = append(found, f)
		}
	}
	return found
}

func isWord(c byte) bool { return c >= 'a' && c <= 'z' }

// otherGeneration compares the first number after the family's name: 4 and 3.5 differ, 4 and 4.1 do not.
func otherGeneration(a, g, family string) bool {
	x, y := generation(a, family), generation(g, family)
	return x != "" && y != "" && !strings.HasPrefix(x, y) && !strings.HasPrefix(y, x)
}

func generation(s, family string) string {
	s = strings.TrimLeft(s[strings.Index(s, family)+len(family):], "-v")
	n := 0
	for n < len(s) && (s[n] >= '0' && s[n] <= '9' || s[n] == '.') {
		n++
	}
	v := strings.TrimRight(s[:n], ".")
	if n < len(s) && (s[n] == 'b' || s[n] == 'x') || len(v) > 3 {
		return "" // a size, or a date
	}
	if v == "35" {
		return "3.5" // Azure has no dots in names
	}
	return v
}

// sizes are words of which a name has one of each row at most.
var sizes = [][]string{{"haiku", "sonnet", "opus"}, {"flash", "pro"}, {"mini", "nano"}, {"small", "medium", "large"}, {"micro", "lite", "premier"}}

// otherSize reports whether the names are of different sizes of a model.
func otherSize(a, g string) bool {
	for _, row := range sizes {
		x, y := wordOf(a, row), wordOf(g, row)
		if x != y && x != "" && y != "" {
			return true
		}
	}
	// gpt-4o is not gpt-4o-mini
	return strings.Contains(a, "gpt") && strings.Contains(g, "gpt") && wordOf(a, sizes[2]) != wordOf(g, sizes[2])
}

func wordOf(s string, words []string) string {
	for _, w := range words {
		i := strings.Index(s, w)
		if i > 0 && !isWord(s[i-1]) && (i+len(w) == len(s) || !isWord(s[i+len(w)])) {
			return w
		}
	}
	return ""
}
