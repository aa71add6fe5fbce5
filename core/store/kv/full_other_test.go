//go:build !linux

package kv

// No disk can be mounted for a test here.
const fillerKey = "SHAPES_TEST_FILLER"

func runFiller(string) int { return 0 }
