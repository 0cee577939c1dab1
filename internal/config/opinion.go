package config

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/telltale-ai/telltale/expect"
)

// Expected is what a task expects of its outputs, and who is asked for a second opinion on them.
type Expected struct {
	expect.Spec `yaml:",inline"`
	Opinion     `yaml:",inline"`
}

// Opinion says how healthy text answers are looked at a second time. It costs calls; the zero value asks nobody.
type Opinion struct {
	Judge Judge `yaml:"judge,omitempty" doc:"a model that says whether an answer is good; each answer costs a call to it"`
	Agree int   `yaml:"agree,omitempty" doc:"2 to 5: ask so many times in all, and compare the answers"`
}

// Judge is a model that judges answers.
type Judge struct {
	Model    string   `yaml:"model,omitempty" doc:"its name"`
	Upstream string   `yaml:"upstream,omitempty" doc:"where it is asked; empty: where the call itself went"`
	Rubric   string   `yaml:"rubric,omitempty" doc:"what matters beyond the built-in rubric"`
	Limit    Duration `yaml:"limit,omitempty" doc:"how long an answer waits for its second opinion, by agree too; 30s when it is not given"`
}

// opinion finds what a second opinion cannot mean.
func (k *checker) opinion(key string, o Opinion) {
	if o.Agree != 0 && (o.Agree < 2 || o.Agree > 5) {
		k.fail(key+".agree", "is not between 2 and 5", "2 asks once more and compares the two answers")
	}
	if o.Judge == (Judge{}) {
		return
	}
	if o.Judge.Model == "" && o.Judge != (Judge{Limit: o.Judge.Limit}) {
		k.fail(key+".judge", "names no model", "give judge.model, such as {model: gpt-5.4-mini}")
	}
	if _, ok := k.c.Upstreams[o.Judge.Upstream]; o.Judge.Upstream != "" && !ok {
		k.fail(key+".judge.upstream", fmt.Sprintf("no upstream is called %q", o.Judge.Upstream), "add it under upstreams, or leave it out")
	}
}

// fieldsOf lists the fields of t; those of an inline struct stand among them.
func fieldsOf(t reflect.Type) (out []reflect.StructField) {
	for f := range t.Fields() {
		if !strings.HasSuffix(f.Tag.Get("yaml"), ",inline") {
			out = append(out, f)
			continue
		}
		for _, in := range fieldsOf(f.Type) {
			in.Index = append(append([]int{}, f.Index...), in.Index...)
			out = append(out, in)
		}
	}
	return out
}
