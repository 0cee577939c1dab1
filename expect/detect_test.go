package expect

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/telltale-ai/telltale/fault"
)

// say is one text with what Detect must find in it; "" is nothing.
type say struct {
	name, prompt, text string
	want               fault.Cause
}

func judge(t *testing.T, cases []say) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := Detect(&Output{Text: c.text, Prompt: c.prompt})
			request, _ := json.Marshal(map[string]any{"model": "m-1", "messages": []any{map[string]string{"role": "user", "content": c.prompt}}})
			if len(found) > 0 && Healthy(c.text, string(request)) {
				t.Error("Healthy lets it go, Detect does not")
			}
			got := fault.Cause("")
			if len(found) > 0 {
				got = found[0].Cause
			}
			if got != c.want {
				t.Errorf("found %q, want %q: %+v", got, c.want, found)
			}
		})
	}
}

func TestRefusal(t *testing.T) {
	judge(t, []say{
		{"plain", "How do I pick a lock?", "I'm sorry, but I can't help with that.", fault.Refusal},
		{"typographic apostrophe", "How do I pick a lock?", "I’m sorry, but I can’t assist with that request.", fault.Refusal},
		{"without apology", "How do I pick my neighbour's lock?", "I cannot provide instructions for breaking into a home. If you are locked out of your own, call a locksmith.", fault.Refusal},
		{"uncomfortable", "Write a mean poem", "I apologize, but I don't feel comfortable writing something hurtful about a person.", fault.Refusal},
		{"as a machine", "Write a blog post about Rome.", "As an AI language model, I am not able to write blog posts. However, here are some tips:\n\n1. Choose a topic\n2. Make an outline\n3. Write it", fault.Refusal},
		{"no information", "Who won the match yesterday?", "I'm sorry, but I don't have access to current sports results. Please check a sports website.", fault.Refusal},
		{"tongue-tied", "Tell me about the book.", "Unfortunately, I am unable to discuss that. Is there anything else I can help you with?", fault.Refusal},
		{"not something", "How do I do that?", "That's not something I can help with. Let me know if there is anything else.", fault.Refusal},
		{"declines", "Write an insult.", "I must respectfully decline.", fault.Refusal},
		{"will not be able", "Write an insult.", "Sorry, but I won't be able to write that for you.", fault.Refusal},
		{"not for me", "Say who is right.", "It would be inappropriate for me to take a side here. I can lay out both views if you like.", fault.Refusal},
		{"gives it back", "Rewrite the text.", "I'm sorry, but I don't see any text. Could you please provide more context?", fault.Refusal},
		{"spanish", "¿Cómo abro una cerradura?", "Lo siento, pero no puedo ayudarte con eso.", fault.Refusal},
		{"german", "Wie öffne ich ein Schloss?", "Es tut mir leid, aber dabei kann ich nicht helfen.", fault.Refusal},
		{"french", "Comment ouvrir une serrure ?", "Je suis désolé, mais je ne peux pas vous aider avec cela.", fault.Refusal},
		{"chinese", "怎么开锁？", "抱歉，我无法协助您完成这个请求。", fault.Refusal},
		{"japanese", "鍵の開け方は？", "申し訳ありませんが、そのご依頼にはお答えできません。", fault.Refusal},
		{"korean", "자물쇠를 어떻게 열어요?", "죄송하지만 그 요청은 도와드릴 수 없습니다.", fault.Refusal},

		{"an apology for something", "Correct it.", "I apologize for the mistake. Here is the corrected sentence: She goes home.", ""},
		{"someone else cannot", "Can a whale breathe under water?", "No, a whale cannot breathe under water. It has lungs and must come to the surface.", ""},
		{"an answer after all", "What do people like to read?", "As an AI, I don't have personal preferences, but many readers like these:\n\n1. Novels\n2. Poetry\n3. Travel books", ""},
		{"a table after all", "Make a table of primes.", "I can't draw a spreadsheet here, but this table holds the same:\n\n| n | prime |\n|---|---|\n| 1 | 2 |\n| 2 | 3 |", ""},
		{"a letter that declines", "Write a rejection letter for an applicant.", "Dear applicant,\n\nWe are sorry to inform you that we cannot offer you the position. We wish you well.\n\nKind regards", ""},
		{"role", "Play the role of someone who comes late.", "I'm so sorry I'm late! The train was stuck and I couldn't call you.", ""},
		{"lyrics", "Write a song about love.", "I cannot help the way I feel\nWhenever you walk by\nThe world is turning like a wheel\nBeneath a painted sky", ""},
		{"cannot be determined", "What is x?", "The value of x cannot be determined from the equation alone, because y is free.", ""},
		{"not in what was given", "Where does the author live?", "I'm sorry, but I can't determine where the author lives from the text you gave me.", ""},
		{"condolence", "My dog died.", "I'm sorry to hear about your dog. Losing a companion hurts, and it is normal to grieve.", ""},
		{"code", "Catch the error.", "```python\ntry:\n    run()\nexcept Error:\n    print(\"Sorry, I can't help with that\")\n```", ""},
		{"a quotation", "What did she say?", `"I'm sorry, but I can't help you with that," she said.`, ""},
		{"advice against", "Should I eat raw chicken?", "I don't recommend eating raw chicken, because it may carry bacteria that make you ill. Cook it well.", ""},
		{"nothing found", "Is there a bug in this code?", "I cannot find any bug in it. The loop ends where it should, and the sum is right.", ""},
		{"a friend writes", "Answer my friend that I stay at home.", "Hey, I can't make it tonight, I have to work early tomorrow. Next week for sure!", ""},
		{"sorry for a fact", "Where can I buy unicorns?", "I'm sorry, but there is no such animal as a unicorn. Horses, however, can be bought from breeders.", ""},
		{"legal advice in general", "Is it ethical to lie?", "Many philosophers hold that lying is unethical, others that it depends. It is important to weigh the harm.", ""},
	})
}

func TestRepetition(t *testing.T) {
	numbered := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "%d. %s\n", i, f(i))
		}
		return b.String()
	}
	names := []string{"Ann", "Ben", "Cem", "Dora", "Eli", "Fay", "Gus", "Hal", "Ivy", "Jon", "Kim", "Lou"}
	paragraph := "The river rises in the hills above the town, runs past the old mill and the new school, and reaches the sea after forty miles of meadows, woods and small harbours where boats lie at anchor."
	judge(t, []say{
		{"word", "Tell me a story.", "Once upon a time there was a king who was very " + strings.Repeat("very ", 60), fault.Repetition},
		{"phrase", "Tell me a story.", "Once upon a time. " + strings.Repeat("and then he went home, ", 30), fault.Repetition},
		{"line", "List skills.", "Skills:\n" + strings.Repeat("- Knowledge of software design principles\n", 20), fault.Repetition},
		{"numbered line", "List adjectives.", numbered(200, func(int) string { return "Agile" }), fault.Repetition},
		{"a list that goes round", "List musicians.", numbered(60, func(i int) string { return []string{"Ali Farka", "Khaled", "Tinariwen"}[i*i%3] + " of Mali" }), fault.Repetition},
		{"characters", "Tell me a story.", "The end is near" + strings.Repeat("ha", 300), fault.Repetition},
		{"chinese", "讲个故事。", "从前有一座山。" + strings.Repeat("山上有座庙，", 60), fault.Repetition},
		{"korean", "이야기 해줘.", "옛날 옛적에 " + strings.Repeat("호랑이가 살았다 ", 50), fault.Repetition},
		{"counting that runs away", "What does the program print?", "It prints:\n" + strings.TrimSpace(func() string {
			var b strings.Builder
			for i := range 400 {
				fmt.Fprintf(&b, "%d\n", i)
			}
			return b.String()
		}()), fault.Repetition},
		{"paragraphs again", "Describe the river.", strings.Repeat("# The river\n\n"+paragraph+"\n\n"+strings.ToUpper(paragraph)+"\n\n", 5), fault.Repetition},
		{"all again", "Describe the river.", strings.Repeat(paragraph+"\n\n"+strings.ReplaceAll(paragraph, "river", "road")+"\n\n"+strings.ReplaceAll(paragraph, "river", "wall")+"\n\n", 2), fault.Repetition},
		{"blank lines", "Write code.", "Here you are:\n" + strings.Repeat("\n", 700), fault.Repetition},

		{"refrain", "Write a song.", strings.Repeat("Row on, row on, the sea is wide,\nRow on until the morning tide.\n\nThe moon is high above the bay,\nThe gulls have gone another way.\n\n", 2) + "And home we come.", ""},
		{"list of its own", "List 30 names.", numbered(30, func(i int) string {
			return names[i%12] + " " + names[(i*5+i/12)%12] + " from " + names[(i*7)%12] + "town"
		}), ""},
		{"table", "Make a table.", "| a | b |\n|---|---|\n" + strings.Repeat("| | |\n", 20), ""},
		{"ruler", "Write a heading.", "Title\n" + strings.Repeat("=", 80) + "\nText under it.", ""},
		{"rows of data", "Make test data.", strings.Repeat("INSERT INTO t VALUES (1, 'x', 2.5);\n", 12), ""},
		{"base64", "Encode it.", "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk" + strings.Repeat("A", 400) + "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", ""},
		{"hexadecimal", "Dump it.", strings.Repeat("ffffffff 00000000 ", 30), ""},
		{"asked to repeat", "Repeat the word hello 100 times.", strings.Repeat("hello ", 100), ""},
		{"json", "Give me JSON.", "[" + strings.Repeat(`{"name":"a","value":0},`, 12) + `{"name":"b","value":1}]`, ""},
		{"log", "Show a log.", func() string {
			var b strings.Builder
			for i := range 40 {
				fmt.Fprintf(&b, "2024-05-01 12:00:%02d INFO request %d took %d ms for user %s\n", i, i*37, i*i%91, names[i%12])
			}
			return b.String()
		}(), ""},
		{"code", "Write a switch.", func() string {
			var b strings.Builder
			b.WriteString("```go\nswitch n {\n")
			for i, n := range names {
				fmt.Fprintf(&b, "case %d:\n\treturn %q\n", i, n)
			}
			b.WriteString("}\n```")
			return b.String()
		}(), ""},
		{"short laugh", "Tell a joke.", "Hahahahahahahaha! That one was good.", ""},
	})
}

func TestCut(t *testing.T) {
	judge(t, []say{
		{"on a determiner", "What is a heat pump?", "A heat pump moves heat from one place to another, even from a cold place to a warm one. It does so with a refrigerant that boils at a low temperature, takes in heat while it boils, and gives it off again when it is compressed and turns liquid. In winter it takes heat from the air outside and brings it into the", fault.CutOutput},
		{"on a comma", "What is a heat pump?", "A heat pump moves heat from a cold place to a warm one, which needs work,", fault.CutOutput},
		{"open code", "Write a function.", "Here is the function that you asked for, with a comment:\n\n```go\n// add adds.\nfunc add(a, b int) int {\n\treturn a", fault.CutOutput},
		{"sentences closed but the last", "What is a heat pump?", "A heat pump moves heat. It does so with a refrigerant. The refrigerant boils at a low temperature. When it is compressed it turns liquid and gives off", fault.CutOutput},
		{"announced", "Give me the verse.", "The third verse of the old sailors' song that you mean goes as follows:", fault.CutOutput},

		{"closed", "What is a heat pump?", "A heat pump moves heat from a cold place to a warm one. It needs work for that.", ""},
		{"list without stops", "List fruit.", "Some fruit that grows in cold countries and keeps well in winter:\n\n- Apples\n- Pears\n- Quinces that are hard and sour", ""},
		{"letter", "Write a letter.", "Dear Ann,\n\nThank you for your kind letter of last week. It made my day.\n\nBest regards,\n[Your Name]", ""},
		{"poem", "Write a poem.", "The evening comes on silent feet\nand lays its hand upon the street\nthe lamps are lit, the shops are closed\nthe cat that on the doorstep dozed", ""},
		{"hashtags", "Write a post.", "We are so happy to open our doors to you this Saturday. Come and see us! There will be cake. #opening #cake #saturday", ""},
		{"address", "Where is it?", "You can read more about it in the documentation. It is long but worth it. See https://example.com/docs/start", ""},
		{"emoji", "Say hello.", "Hello there and welcome to the team. We are glad that you are here. Let us start 🎉", ""},
		{"offer", "How are you?", "I am doing well, thank you for asking. What can I do for you today? Let me know if you need anything", ""},
		{"chinese", "什么是热泵？", "热泵是一种把热量从低温处转移到高温处的装置。它需要消耗一定的功。冬天它从室外空气中吸收热量。", ""},
		{"code alone", "Write code.", "for i := range 10 {\n\tfmt.Println(i)\n}\n// prints ten numbers\nreturn nil\n\nx := a + b", ""},
	})
	text := "A heat pump moves heat from one place to another, even from a cold place to a warm one, which needs work,"
	if found := Detect(&Output{Text: text, Prompt: "What is it?", Partial: true}); found != nil {
		t.Errorf("with a stop sequence any end is right: %+v", found)
	}
}

func TestLeakedAndEmpty(t *testing.T) {
	judge(t, []say{
		{"end token", "What is 2+2?", "The answer is 4.<|im_end|>", fault.LeakedTemplate},
		{"unknown token", "What is 2+2?", "The answer is 4.<|some_turn_end|>", fault.LeakedTemplate},
		{"end of sequence", "What is 2+2?", "The answer is 4.</s>", fault.LeakedTemplate},
		{"instruction mark", "What is 2+2?", "[/INST] The answer is 4.", fault.LeakedTemplate},
		{"next turn", "What is 2+2?", "The answer is 4.\n### Human: And 3+3?\n### Assistant: 6.", fault.LeakedTemplate},
		{"next turn of another kind", "What is 2+2?", "The answer is 4.\n\nHuman: And 3+3?", fault.LeakedTemplate},
		{"anonymiser", "Who wrote it?", "It was written by <PRESIDIO_ANONYMIZED_PERSON> in 1999.", fault.LeakedTemplate},
		{"blanks not filled in", "What should I call you?", "You can call me [name], it is nice to meet you, [user name].", fault.LeakedTemplate},
		{"no link", "Give me links to three shops.", "Here you are:\n\n1. [Insert link 1]\n2. [Insert link 2]\n3. [Insert link 3]", fault.LeakedTemplate},
		{"variable", "What is my name?", "Your name is {{user_name}}, as you told me.", fault.LeakedTemplate},
		{"dummy text", "What is a heat pump?", "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", fault.LeakedTemplate},
		{"an object printed", "What is 2+2?", "The answer is [object Object].", fault.LeakedTemplate},
		{"nothing", "What is 2+2?", "", fault.EmptyOutput},
		{"blanks", "What is 2+2?", " \n\t ", fault.EmptyOutput},
		{"zero width", "What is 2+2?", "\u200b\ufeff", fault.EmptyOutput},
		{"empty fence", "Write code.", "```python\n```", fault.EmptyOutput},
		{"stray sign", "Draw a house.", ",\\", fault.EmptyOutput},

		{"variable asked for", "Write an email template.", "Hello {{first_name}}, welcome!", ""},
		{"dummy text asked for", "Give me some lorem ipsum.", "Lorem ipsum dolor sit amet, consectetur adipiscing elit.", ""},
		{"talk about tokens", "What does <|im_end|> mean?", "<|im_end|> ends a turn in ChatML.", ""},
		{"tokens in code", "How does the format look?", "Each turn ends with `<|im_end|>`, as here:\n\n```\n<|im_start|>user\nHi<|im_end|>\n```", ""},
		{"struck out", "Use HTML.", "The price is <s>20</s> 15 euros.", ""},
		{"pipe operator", "Write F#.", "let f x = x |> add 1 <| 2", ""},
		{"letter", "Write a letter to my landlord.", "Dear [Landlord],\n\nThe heating is broken.\n\nRegards,\n[Name]", ""},
		{"dialogue", "Write a dialogue of a human and a robot.", "Robot: Hello.\nHuman: Hello, robot.\nRobot: How are you?", ""},
		{"headings", "Explain.", "### Response times\n\nThey are short.\n\n### Summary\n\nAll is well.", ""},
		{"markdown links", "Give me links.", "See [the first page](https://example.com/1) and [the second](https://example.com/2).", ""},
		{"index", "Write Go.", "m[key] = append(m[key], values[index])", ""},
		{"one letter", "Which language?", "C", ""},
		{"a sign that answers", "Which operator adds?", "+", ""},
		{"empty list", "List the errors as JSON.", "[]", ""},
		{"emoji alone", "React.", "👍", ""},
		{"a number", "2+2?", "4", ""},
	})
}

func TestEcho(t *testing.T) {
	passage := "The mill stands by the river and has ground corn for two hundred years. Its wheel is of oak, its stones came from France, and its owner lives in the house next door. In winter the wheel stands still because the river freezes."
	judge(t, []say{
		{"whole", "What are the causes of inflation?", "What are the causes of inflation?", fault.Echo},
		{"whole in another case", "What are the causes of inflation", "what are the causes of inflation?", fault.Echo},
		{"last part", "Write every word backwards.\n\nSentence: A giant spider blocks your path.", "A giant spider blocks your path.", fault.Echo},
		{"passage", "Explain this passage in your own words.\n\n" + passage, passage, fault.Echo},

		{"asked to", "Repeat after me: the sky is blue today", "Repeat after me: the sky is blue today", ""},
		{"nothing to correct", "Correct the grammar.\n\nThe sky is blue and the sun is warm.", "The sky is blue and the sun is warm.", ""},
		{"choice", "Which of these is a fruit?\n\nA stone from the river\nAn apple from the old tree", "An apple from the old tree", ""},
		{"answer that takes up the question", "What is the capital of France?", "The capital of France is Paris.", ""},
		{"quotation of a part", "Where do the stones come from?\n\n" + passage, "Its wheel is of oak, its stones came from France.", ""},
		{"greeting", "Hello there!", "Hello there!", ""},
		{"code fixed", "Fix the bug in this code:\n\nfor i in range(10)\n    print(i)", "for i in range(10):\n    print(i)", ""},
	})
}

func TestLanguage(t *testing.T) {
	judge(t, []say{
		{"chinese for english", "How do I clean a wooden table?", "清洁木桌时，请先用柔软的干布擦去灰尘，然后用微湿的布轻轻擦拭。", fault.WrongLanguage},
		{"changes over", "How do I clean a wooden table?", "First wipe off the dust with a soft cloth.\n\n然后用微湿的布轻轻擦拭桌面，不要用太多的水。最后用干布把桌子擦干，再涂上一层薄薄的蜡来保护木头。", fault.WrongLanguage},
		{"russian for english", "How do I clean a wooden table?", "Сначала протрите стол мягкой сухой тканью, затем слегка влажной.", fault.WrongLanguage},
		{"english for chinese", "请告诉我怎样清洁一张木头桌子，需要注意什么？", "First wipe the table with a soft and dry cloth to take off the dust. Then wipe it again with a cloth that is only slightly wet, and dry it at once. Wax it twice a year to keep the wood from drying out and cracking.", fault.WrongLanguage},
		{"spanish for english", "What is the best way to clean a wooden table that is very old and has many stains?", "Para limpiar una mesa de madera antigua, primero quita el polvo con un paño suave y seco. Después pasa un paño ligeramente húmedo por toda la superficie y sécala con cuidado. Para las manchas, usa una mezcla de agua y vinagre, pero prueba antes en una parte que no se vea.", fault.WrongLanguage},

		{"same language", "如何清洁木桌？", "清洁木桌时，请先用柔软的干布擦去灰尘，然后用微湿的布轻轻擦拭。", ""},
		{"translation", "Translate into Chinese: Wipe the table with a soft cloth.", "请用柔软的布擦拭桌子，然后把它放在干燥的地方。", ""},
		{"named", "Write a poem in Japanese about rain.", "雨が降る静かな夜に傘をさし、ひとり歩けば灯がにじむ。", ""},
		{"foreign words", "What does 好 mean?", "好 (hǎo) means good. It is made of 女 (woman) and 子 (child).", ""},
		{"names", "Name three Chinese poets.", "Three of the greatest are Li Bai (李白), Du Fu (杜甫) and Su Shi (苏轼).", ""},
		{"code for chinese", "写一个函数", "```go\nfunc add(a, b int) int { return a + b }\n```", ""},
		{"greek letters", "State the formula.", "α + β = γ and Δx·Δp ≥ ħ/2, where Δ stands for the uncertainty.", ""},
		{"french words in english", "What is déjà vu?", "Déjà vu is French for already seen. It is the feeling that one has lived through the present moment before.", ""},
		{"japanese with kanji", "東京の天気はどうですか", "東京は今日、一日中晴天です。最高気温は二十五度です。", ""},
	})
	o := &Output{Text: "清洁木桌时，请先用柔软的干布擦去灰尘，然后用微湿的布轻轻擦拭。", Prompt: "How do I clean a wooden table?", System: "Always answer in Chinese."}
	if found := Detect(o); found != nil {
		t.Errorf("the system prompt asks for it: %+v", found)
	}
}

func TestHintsHaveSlotsOfTheirOwn(t *testing.T) {
	for _, w := range hintWords {
		if !hintAt(w+"   ", 0) {
			t.Errorf("%q has lost its slot: take another multiplier", w)
		}
	}
}

func TestHealthyTextAllocatesNothing(t *testing.T) {
	o := &Output{Text: healthyProse, Prompt: "What is the capital of France, and what is it known for?"}
	if n := testing.AllocsPerRun(100, func() { Detect(o) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestLoop(t *testing.T) {
	prose := strings.Repeat(healthyProse, 1)
	loop := prose + "\n\n" + strings.Repeat("and so on and on, ", 400)
	var l Loop
	looped := -1
	for i := 0; i < len(loop); i += 11 {
		l.Write(loop[i:min(len(loop), i+11)])
		if l.Looping() && looped < 0 {
			looped = i
		}
	}
	if looped < 0 || looped > 4<<10 {
		t.Errorf("seen at byte %d", looped)
	}
	got, ok := l.Found()
	want := Detect(&Output{Text: loop})
	if !ok || len(want) == 0 || got != want[0] {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if cap(l.tail) > 4*loopWindow {
		t.Errorf("keeps %d bytes", cap(l.tail))
	}

	var calm Loop
	for i := range 200 {
		calm.Write(fmt.Sprintf("%d. %s\n", i, prose[i%300:]))
	}
	var refrain Loop
	refrain.Prompt = "Write a song."
	refrain.Write("Row on, row on, the sea is wide.\nThe night is long.\nRow on, row on, the sea is wide.\n")
	if _, ok := refrain.Found(); ok || refrain.Looping() {
		t.Error("a refrain is no loop")
	}
}

func TestLargeTextsAreBounded(t *testing.T) {
	const size = 1 << 20
	fill := func(unit string) string { return strings.Repeat(unit, size/len(unit)) }
	for _, text := range []string{
		fill(healthyProse + "\n\n"), fill("<"), fill("`</s>"), fill("<|im_end|>`"), fill("\nHuman: "), fill("[a b] "), fill("[INST"), fill("a"), fill("ab c"), fill("\n"),
		fill("0123456789"), fill("我不能"), fill("\u00a0"), fill("I cannot "), fill("- a\n"), fill("|"), fill("### Human"), fill("\xff\x80"), fill("```"), fill("A long line of words that is said again and again, " + strings.Repeat("and more of it ", 12) + "\n"),
	} {
		for _, prompt := range []string{"", "What is this?", text} {
			start := time.Now()
			for _, d := range detectors { // not through Detect, which hides panics
				d(&Output{Text: text, Prompt: prompt, System: prompt})
			}
			if took := time.Since(start); took > 2*time.Second {
				t.Errorf("%.20q, %d bytes of prompt: %v", text, len(prompt), took)
			}
			Healthy(text, prompt)
		}
	}
}
