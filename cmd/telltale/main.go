// Command telltale tells what broke in an AI API call. Run `telltale --help`.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// cli is the command line: one field a command, each in the file of its name.
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run the gateway."`
	Explain explainCmd `cmd:"" help:"Say what broke, from anything pasted."`
	Doctor  doctorCmd  `cmd:"" help:"Run the debugging checklist against an endpoint."`
	Causes  causesCmd  `cmd:"" help:"The catalogue of causes, for reading."`
	Config  configCmd  `cmd:"" help:"The configuration."`
	Calls   callsCmd   `cmd:"" help:"Show recorded calls: what broke, and why."`
	Tail    tailCmd    `cmd:"" help:"Show calls as they end."`
	Tasks   tasksCmd   `cmd:"" help:"Show video and other long tasks: how far they are, what became of them."`
	Demo    demoCmd    `cmd:"" help:"The tour: every failure of the guide, played and told."`
	Sim     simCmd     `cmd:"" help:"Play a provider that fails on order."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// app is what a command may touch of the world outside.
type app struct {
	ctx    context.Context // ends on SIGINT and SIGTERM
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	getenv func(string) string
}

// exit is an error that ends the program with a code of its own and, when its text is not empty, a message.
type exit struct {
	code int
	err  error
	hint string // what the user can do about it
}

func (e *exit) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}
func (e *exit) Unwrap() error { return e.err }

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	log.SetOutput(stdlog{os.Stderr})
	a := &app{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, getenv: os.Getenv}
	return a.run(args)
}

func (a *app) run(args []string) (code int) {
	var c cli
	k, err := kong.New(&c,
		kong.Name("telltale"),
		kong.Description("Tells what broke in an AI API call, and puts right what can be put right."),
		kong.Writers(a.stdout, a.stderr),
		kong.Exit(func(n int) { panic(exitNow(n)) }),
		kong.UsageOnError(),
	)
	if err != nil {
		panic(err) // the struct above is wrong: no input can cause this
	}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case exitNow:
			code = int(r)
		default:
			panic(r)
		}
	}()
	kctx, err := k.Parse(args)
	if err != nil {
		fmt.Fprintf(a.stderr, "error: %v\nhint: telltale --help lists the commands and their flags\n", err)
		return 2
	}
	kctx.Bind(a)
	return a.report(kctx.Run())
}

// exitNow is how kong asks to end the program (after --help).
type exitNow int

// report prints err with its hint and gives the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return 0
	}
	var e *exit
	if !errors.As(err, &e) {
		e = &exit{code: 1, err: err}
	}
	if e.err != nil {
		fmt.Fprintf(a.stderr, "error: %v\n", e.err)
		if e.hint != "" {
			fmt.Fprintf(a.stderr, "hint: %s\n", e.hint)
		}
	}
	return e.code
}
