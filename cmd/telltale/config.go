package main

import (
	"errors"
	"fmt"

	"github.com/telltale-ai/telltale/internal/config"
)

type configCmd struct {
	Check configCheckCmd `cmd:"" help:"Check the configuration and print the effective whole."`
}

type configCheckCmd struct {
	Config string `help:"Configuration file; default $TELLTALE_CONFIG, else ./telltale.yaml." placeholder:"FILE"`
}

func (c configCheckCmd) Run(a *app) error {
	cfg, err := a.config(c.Config)
	if err != nil {
		return err
	}
	out, err := cfg.YAML()
	if err != nil {
		return err
	}
	for _, w := range cfg.Warnings() {
		fmt.Fprintf(a.stderr, "warning: %s\n", w)
	}
	_, err = a.stdout.Write(out)
	return err
}

// config loads the configuration. Every mistake is printed with its remedy; the error that comes back is silent.
func (a *app) config(path string) (*config.Config, error) {
	cfg, err := config.Load(path)
	if err == nil {
		return cfg, nil
	}
	all := []error{err}
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		all = many.Unwrap()
	}
	for _, one := range all {
		fmt.Fprintf(a.stderr, "error: %v\n", one)
		var e *config.Error
		if errors.As(one, &e) && e.Hint != "" {
			fmt.Fprintf(a.stderr, "hint: %s\n", e.Hint)
		}
	}
	return nil, &exit{code: 2}
}
