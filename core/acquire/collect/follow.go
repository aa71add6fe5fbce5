package collect

import (
	"os"

	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// nextRequest reads where an answer sends us.
func (c *Collector) nextRequest(r *source.Request, path string) (source.Request, error) {
	info, err := os.Stat(path)
	if err != nil {
		return source.Request{}, err
	}
	if info.Size() > c.limits.Index {
		return source.Request{}, flaw(Bound, "the answer that should say where the data are has %d bytes", info.Size())
	}
	answer, err := os.ReadFile(path)
	if err != nil {
		return source.Request{}, err
	}
	next, err := r.Follow(answer)
	if err != nil {
		return source.Request{}, flaw(Astray, "the answer does not say where the data are: %v", err)
	}
	if next.URL == "" || next.Follow != nil && next.URL == r.URL && next.Form == r.Form {
		return source.Request{}, flaw(Astray, "the answer does not say where the data are")
	}
	return next, nil
}
