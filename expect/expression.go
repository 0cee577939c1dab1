package expect

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/vm"

	"github.com/telltale-ai/telltale/fault"
)

// Bounds of an expression.
const (
	maxExpr     = 4 << 10   // bytes
	maxNodes    = 500       // of its tree
	maxSteps    = 1_000_000 // rounds of all its loops together
	maxMemory   = 1_000_000 // units of the expression machine
	maxExprText = 1 << 20   // bytes of a text that it sees
)

// expression is a condition on an output, in the language of expr-lang.org.
type expression struct {
	source   string
	program  *vm.Program
	usesJSON bool
}

// env is what an expression knows.
type env struct {
	Text   string `expr:"text"`
	JSON   any    `expr:"json"`   // the parsed text; nil when it is no JSON
	Length int    `expr:"length"` // characters
	Words  int    `expr:"words"`
	Lines  int    `expr:"lines"`
	Prompt string `expr:"prompt"`

	Tick func() (bool, error) `expr:"__tick"`
}

var errSteps = errors.New("the expression takes more than a million steps")

func compileExpr(source string) (e *expression, err error) {
	const remedy = "Write a condition such as `json.total > 0 && len(text) < 200`; see https://expr-lang.org."
	defer func() {
		if r := recover(); r != nil {
			e, err = nil, wrong("expr", remedy, "it cannot be compiled: %v", r)
		}
	}()
	if len(source) > maxExpr {
		return nil, wrong("expr", "Shorten it.", "longer than %d bytes", maxExpr)
	}
	if strings.Contains(source, "__tick") {
		return nil, wrong("expr", remedy, "__tick is not for use")
	}
	counter := &tickPatcher{}
	program, err := expr.Compile(source, expr.Env(env{}), expr.AsBool(), expr.MaxNodes(maxNodes), expr.DisableBuiltin("now"), expr.Patch(counter))
	if err != nil {
		return nil, wrong("expr", remedy, "%s", strings.ReplaceAll(err.Error(), "\n", " "))
	}
	return &expression{source: source, program: program, usesJSON: strings.Contains(source, "json")}, nil
}

// tickPatcher makes every round of every loop count.
type tickPatcher struct{}

func (*tickPatcher) Visit(node *ast.Node) {
	p, ok := (*node).(*ast.PredicateNode)
	if !ok {
		return
	}
	if c, done := p.Node.(*ast.ConditionalNode); done {
		if call, ok := c.Cond.(*ast.CallNode); ok {
			if id, ok := call.Callee.(*ast.IdentifierNode); ok && id.Value == "__tick" {
				return
			}
		}
	}
	p.Node = &ast.ConditionalNode{
		Cond: &ast.CallNode{Callee: &ast.IdentifierNode{Value: "__tick"}},
		Exp1: p.Node, Exp2: p.Node,
	}
}

// check reports whether the expression holds. An expression that fails on this output (a field that is not there)
// does not hold; one that takes too long is taken to hold, because that is our own limit.
func (e *expression) check(text, prompt string, value any) (f Finding, ok bool) {
	defer func() {
		if recover() != nil {
			ok = true
		}
	}()
	text, prompt = within(text, maxExprText), within(prompt, maxExprText)
	steps := 0
	vars := env{Text: text, Prompt: prompt, JSON: plain(value), Length: utf8.RuneCountInString(text), Words: len(strings.Fields(text)), Lines: lines(text)}
	vars.Tick = func() (bool, error) {
		if steps++; steps > maxSteps {
			return false, errSteps
		}
		return true, nil
	}
	machine := vm.VM{MemoryBudget: maxMemory}
	got, err := machine.Run(e.program, vars)
	switch {
	case err != nil && (steps > maxSteps || strings.Contains(err.Error(), "memory budget")):
		return Finding{}, true
	case err != nil:
		line, _, _ := strings.Cut(err.Error(), "\n")
		return Finding{Cause: fault.UnexpectedOutput, Rule: "expr", Where: "text", Want: capTo(e.source, maxGot), Got: capTo("cannot be evaluated: "+line, maxGot)}, false
	}
	if b, _ := got.(bool); !b {
		return Finding{Cause: fault.UnexpectedOutput, Rule: "expr", Where: "text", Want: capTo(e.source, maxGot), Got: "false"}, false
	}
	return Finding{}, true
}

func lines(s string) int {
	if s == "" {
		return 0
	}
	return strings.Count(strings.TrimRight(s, "\n"), "\n") + 1
}

// plain turns json.Number into int or float64, which expressions can count with.
func plain(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return int(n)
		}
		f, _ := v.Float64()
		return f
	case map[string]any:
		m := make(map[string]any, len(v))
		for k, x := range v {
			m[k] = plain(x)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, x := range v {
			l[i] = plain(x)
		}
		return l
	}
	return v
}
