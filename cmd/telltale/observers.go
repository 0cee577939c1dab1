package main

import (
	"context"

	telltale "github.com/telltale-ai/telltale"
	"github.com/telltale-ai/telltale/recovery"
)

// observers tells each of several observers.
type observers []recovery.Observer

func (o observers) Observe(ctx context.Context, x *telltale.Exchange, d telltale.Diagnosis) {
	for _, one := range o {
		one.Observe(ctx, x, d)
	}
}

// ObserveCall tells those that want to know of calls.
func (o observers) ObserveCall(ctx context.Context, c *telltale.Call) {
	for _, one := range o {
		if co, ok := one.(recovery.CallObserver); ok {
			co.ObserveCall(ctx, c)
		}
	}
}
