package boltfile

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// boltPath is what the names of the library's functions begin with.
const boltPath = "go.etcd.io/bbolt"

// Guard runs fn, which uses a file of the kind at path, and turns a crash on a
// damaged page into an error that wraps the kind's Damaged: a panic that the
// library raises, and a fault of its memory map. Any other panic is a defect
// of the program and goes on. Transactions that fn has left open must be
// closed by their own deferred calls, as those of View and Update are.
func (k Kind) Guard(path string, fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if !isFault(r) && !raisedByLibrary() {
			panic(r) // the stack above is still that of the first panic
		}
		err = fmt.Errorf("read %s %s: %w (%v); %s", k.Noun, path, k.Damaged, r, k.Advice)
	}()
	return fn()
}

// isFault reports whether a panic is a fault of memory at an address that is
// not nil: Go code alone does not make one, reading a mapped page that is no
// longer there does.
func isFault(r any) bool {
	_, ok := r.(interface{ Addr() uintptr })
	return ok
}

// raisedByLibrary reports, in a deferred call, whether the function that
// panicked is the library's. Its bounds checks fail where a page lies about
// its length, and its assertions where it lies about its place.
func raisedByLibrary() bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs[:])])
	panicking := false
	for {
		f, more := frames.Next()
		switch {
		case f.Function == "runtime.gopanic" || f.Function == "runtime.sigpanic":
			panicking = true
		case panicking && !ofLanguage(f.Function):
			return strings.HasPrefix(f.Function, boltPath)
		}
		if !more {
			return false
		}
	}
}

// ofLanguage reports whether a function only helps the one that called it.
func ofLanguage(function string) bool {
	for _, p := range []string{"runtime.", "runtime/", "internal/", "bytes.", "sort.", "slices."} {
		if strings.HasPrefix(function, p) {
			return true
		}
	}
	return false
}
