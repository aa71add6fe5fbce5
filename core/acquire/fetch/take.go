package fetch

import (
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// take reads an answer into the part.
func (d *download) take(ctx context.Context, w *watch, resp *http.Response) error {
	ranged := d.ranged()
	switch {
	case resp.StatusCode == http.StatusOK:
		return d.takeAll(ctx, w, resp)
	case resp.StatusCode == http.StatusPartialContent && ranged:
		return d.takeRest(ctx, w, resp)
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && ranged:
		return errAnew
	case resp.StatusCode == http.StatusNotModified && !ranged && (d.g.ETag != "" || d.g.Modified != ""):
		return d.takeNothing(resp)
	}
	return d.c.statusError(resp, d.gate.rule)
}

// takeNothing keeps what the caller has.
func (d *download) takeNothing(resp *http.Response) error {
	if err := d.clear(); err != nil {
		return err
	}
	d.got.NotModified = true
	d.state = stateOf(resp)
	if d.state.ETag == "" {
		d.state.ETag = d.g.ETag
	}
	if d.state.Modified == "" {
		d.state.Modified = d.g.Modified
	}
	return nil
}

// stateOf says which version of a file an answer is of.
func stateOf(resp *http.Response) State {
	return State{
		URL:      redact(resp.Request.URL.String()),
		ETag:     resp.Header.Get("ETag"),
		Modified: resp.Header.Get("Last-Modified"),
	}
}

// takeAll begins the part anew.
func (d *download) takeAll(ctx context.Context, w *watch, resp *http.Response) error {
	if err := d.clear(); err != nil {
		return err
	}
	raw := &watched{Reader: resp.Body, w: w}
	state, body := stateOf(resp), io.Reader(raw)
	d.got.Type = resp.Header.Get("Content-Type")
	switch coding := strings.ToLower(strings.TrimSpace(resp.Header.Get("Content-Encoding"))); coding {
	case "", "identity":
		state.Size = max(resp.ContentLength, 0)
		d.state = state
	case "gzip", "x-gzip":
		// Until it is whole the part has no version: a range would be of the
		// compressed bytes.
		body = &unzip{raw: raw}
	default:
		return &Error{Kind: Bad, Status: resp.StatusCode, Says: fmt.Sprintf("the server compressed the file as %q, which was not asked for", coding)}
	}
	if state.Size > d.max {
		return tooLarge(d.max)
	}
	if err := d.copy(ctx, body, state.Size); err != nil {
		return err
	}
	if resp.ContentLength >= 0 && raw.n != resp.ContentLength {
		return missing(raw.n, resp.ContentLength)
	}
	d.state = state
	return nil
}

// takeRest continues the part, if the answer proves that it does.
func (d *download) takeRest(ctx context.Context, w *watch, resp *http.Response) error {
	r, ok := parseContentRange(resp.Header.Get("Content-Range"))
	if !ok || !d.continues(resp, r) {
		return errAnew
	}
	if r.size > d.max {
		return tooLarge(d.max)
	}
	d.got.Type = resp.Header.Get("Content-Type")
	d.state.URL = redact(resp.Request.URL.String())
	d.state.Size = r.size
	bound := io.LimitReader(&watched{Reader: resp.Body, w: w}, r.to+1-r.from)
	if err := d.copy(ctx, bound, r.size); err != nil {
		return err
	}
	if d.part.size != r.size {
		return missing(d.part.size, r.size)
	}
	return nil
}

// continues reports whether a part of a file is the rest of ours: it begins
// where ours ends, and is of the same version.
func (d *download) continues(resp *http.Response, r contentRange) bool {
	coding := resp.Header.Get("Content-Encoding")
	switch {
	case r.from != d.part.size, d.state.Size > 0 && r.size != d.state.Size:
		return false
	case resp.ContentLength >= 0 && resp.ContentLength != r.to+1-r.from:
		return false
	case coding != "" && !strings.EqualFold(coding, "identity"):
		return false
	case d.state.strong():
		return resp.Header.Get("ETag") == d.state.ETag
	}
	// A weak tag proves nothing, but one that differs tells of another version.
	if tag := resp.Header.Get("ETag"); tag != "" && tag != d.state.ETag {
		return false
	}
	modified := resp.Header.Get("Last-Modified")
	return modified == "" || modified == d.state.Modified
}

// copy adds a body to the part; total is what there will be, 0 if not known.
func (d *download) copy(ctx context.Context, body io.Reader, total int64) error {
	block := make([]byte, 64<<10)
	for {
		n, err := body.Read(block)
		if d.part.size+int64(n) > d.max {
			return tooLarge(d.max)
		}
		if failed := d.part.add(block[:n]); failed != nil {
			return diskError(failed)
		}
		if n > 0 && d.g.OnBytes != nil {
			d.g.OnBytes(d.part.size, total)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return d.explain(ctx, err)
		}
	}
}

// unzip undoes a compression that was not asked for.
type unzip struct {
	raw *watched
	z   *gzip.Reader
}

// Read implements io.Reader.
func (u *unzip) Read(b []byte) (int, error) {
	if u.z == nil {
		z, err := gzip.NewReader(u.raw)
		if err != nil {
			return 0, err // io.EOF if there is no byte: then there is nothing to undo
		}
		u.z = z
	}
	return u.z.Read(b)
}
