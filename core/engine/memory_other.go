//go:build !linux

package engine

// totalMemory is taken to be that of a modest machine where asking is
// different on each system.
func totalMemory() int64 { return assumedMemory }
