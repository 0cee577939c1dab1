package expect

import "testing"

const healthyProse = `The capital of France is Paris. It lies on the river Seine in the north of the country and has been its capital since the Middle Ages. Today about two million people live in the city itself and more than twelve million in its metropolitan area.

Some things that Paris is known for:

- The Eiffel Tower, built in 1889
- The Louvre, the most visited museum in the world
- Its cafés, bakeries and restaurants`

func BenchmarkHealthyProse(b *testing.B) {
	o := &Output{Text: healthyProse, Prompt: "What is the capital of France, and what is it known for?"}
	b.ReportAllocs()
	b.SetBytes(int64(len(o.Text)))
	for b.Loop() {
		if Detect(o) != nil {
			b.Fatal("alarm")
		}
	}
}
func BenchmarkEach(b *testing.B) {
	o := &Output{Text: healthyProse, Prompt: "What is the capital of France, and what is it known for?"}
	for i, d := range detectors {
		b.Run([]string{"empty", "repetition", "leaked", "refusal", "echo", "language", "cut"}[i], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				d(o)
			}
		})
	}
}
