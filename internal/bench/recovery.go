package main

func benchRecovery(n int, share float64, seed uint64) error { return nil }
