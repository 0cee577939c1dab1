package expect_test

import (
	"fmt"
	"log"

	"github.com/telltale-ai/telltale/expect"
)

func ExampleExpectation_Check() {
	e, err := expect.Compile(expect.Spec{Labels: []string{"positive", "negative", "neutral"}}, expect.Options{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range e.Check(&expect.Output{Text: "The sentiment is positive."}) {
		fmt.Println(f.Cause, "at", f.Where, "expected", f.Want)
	}
	// Output: unexpected_output at text expected one of positive, negative, neutral
}
