package expect

// Spec says what the output of a task should be. Empty fields ask for nothing. [Compile] turns it into an
// [Expectation]; [ParseHeader] reads one from a header.
type Spec struct {
	Labels      []string `yaml:"labels,omitempty" json:"labels,omitempty" doc:"the text must be one of these"`
	ExactLabels bool     `yaml:"exact_labels,omitempty" json:"exact_labels,omitempty" doc:"to the letter; otherwise case, blanks, quotes and closing punctuation may differ"`

	JSON       bool `yaml:"json,omitempty" json:"json,omitempty" doc:"the text must be JSON"`
	JSONSchema any  `yaml:"json_schema,omitempty" json:"json_schema,omitempty" doc:"a JSON Schema: an object, its JSON as a string, or the path of a file"`

	Pattern     string   `yaml:"pattern,omitempty" json:"pattern,omitempty" doc:"RE2; may match anywhere unless anchored"`
	MinLength   int      `yaml:"min_length,omitempty" json:"min_length,omitempty" doc:"in characters"`
	MaxLength   int      `yaml:"max_length,omitempty" json:"max_length,omitempty" doc:"in characters; 0 is no limit"`
	Contains    []string `yaml:"contains,omitempty" json:"contains,omitempty" doc:"every one of these, case as written"`
	NotContains []string `yaml:"not_contains,omitempty" json:"not_contains,omitempty" doc:"none of these"`
	Language    string   `yaml:"language,omitempty" json:"language,omitempty" doc:"ISO 639-1 code or English name"`
	Expr        string   `yaml:"expr,omitempty" json:"expr,omitempty" doc:"must be true; knows text, json, length, words, lines, prompt"`

	Format      string `yaml:"format,omitempty" json:"format,omitempty" doc:"of the image or video: png, jpeg, webp, gif, mp4, webm"`
	MinWidth    int    `yaml:"min_width,omitempty" json:"min_width,omitempty" doc:"pixels"`
	MinHeight   int    `yaml:"min_height,omitempty" json:"min_height,omitempty" doc:"pixels"`
	Aspect      string `yaml:"aspect,omitempty" json:"aspect,omitempty" doc:"such as 16:9; two percent off is still that"`
	MinDuration string `yaml:"min_duration,omitempty" json:"min_duration,omitempty" doc:"such as 4s"`
	MaxDuration string `yaml:"max_duration,omitempty" json:"max_duration,omitempty" doc:"such as 10s"`
}
