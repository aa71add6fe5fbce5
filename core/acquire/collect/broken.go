package collect

import (
	"encoding/json"
	"errors"
	"os"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/store/cache"
)

// broken keeps what came of a download that failed, if it can be continued (the
// fetcher's error says so then), and tells what else there is. state is that
// from before.
func (d *download) broken(part string, state []byte, got fetch.Got, cause error) error {
	kept := ""
	if d.known != nil {
		kept = keptOf(d.known)
	}
	if !d.keep(part, state, got, cause) {
		cause = errors.Join(cause, d.drop())
		kept = keptOf(d.known)
	}
	var f *fetch.Error
	if !errors.As(cause, &f) {
		return cause // of the caller's context
	}
	return &Error{
		Reason: Transport, Name: d.r.Name, URL: d.url, Says: f.Says, Kept: kept, Do: whatNow(f), Cause: cause,
	}
}

// keep saves the state for the bytes in part, and reports whether they can be
// continued.
func (d *download) keep(part string, state []byte, got fetch.Got, cause error) bool {
	info, err := os.Stat(part)
	if err != nil || info.Size() == 0 || !worthKeeping(cause) {
		return false
	}
	switch {
	case got.ETag != "" || got.Modified != "":
		if state, err = json.Marshal(got.State); err != nil {
			return false
		}
	case got.Bytes != 0 || state == nil:
		return false // bytes of which nothing is known
	}
	if err := d.cache.SavePartial(d.url, d.form(), state); err != nil {
		d.log.Warn("what came of a download cannot be kept", "url", d.url, "error", err)
		return false
	}
	return true
}

// worthKeeping reports whether the bytes that came before the error may be the
// beginning of the file.
func worthKeeping(err error) bool {
	var f *fetch.Error
	return !errors.As(err, &f) || f.Again()
}

func (d *download) drop() error {
	if err := d.cache.DropPartial(d.url, d.form()); err != nil {
		return diskError(d.r, err)
	}
	return nil
}

// refused is the error for an answer that is not kept.
func (d *download) refused(err error) error {
	return refusal(d.r, d.url, d.known, err)
}

// refuse is the error for an answer of r that leads nowhere.
func (c *Collector) refuse(r *source.Request, err error) error {
	var known *cache.Record
	if rec, ok := c.cache.Find(r.URL, r.Form); ok {
		known = &rec
	}
	return refusal(r, r.URL, known, err)
}

func refusal(r *source.Request, url string, known *cache.Record, err error) error {
	var f *Flaw
	if !errors.As(err, &f) {
		return diskError(r, err)
	}
	return &Error{
		Reason: f.Reason, Name: r.Name, URL: url, Says: f.Says, Kept: keptOf(known), Do: advice(f.Reason),
		Cause: &fetch.Error{Kind: fetch.Bad, URL: url, Says: f.Says, Cause: err},
	}
}

// keptOf says what of a file is in the cache.
func keptOf(known *cache.Record) string {
	if known == nil {
		return "Nothing of it was kept."
	}
	return "What was fetched on " + known.Fetched.Format("2 January 2006") + " is kept and can be used."
}

// notReplaced adds to the error of a download why what is in the cache does not
// do, if there is something.
func notReplaced(err, unusable error) error {
	var e *Error
	if unusable == nil || !errors.As(err, &e) {
		return err
	}
	told := *e // others may wait for the same download
	told.Kept = "What was in the cache cannot be used: " + strings.ReplaceAll(unusable.Error(), "\n", "; ") + "."
	return &told
}

// whatNow is what to do about a download that failed.
func whatNow(f *fetch.Error) string {
	switch {
	case f.Kind == fetch.Offline:
		return "Check the connection to the internet and try again."
	case f.Kind == fetch.Disk:
		return "Free some space and try again."
	case f.Kind == fetch.Missing:
		return "Choose another level or another source."
	case f.Kind == fetch.Forbidden:
		return "Try again later, or name a mirror that you trust."
	case f.Again():
		return "Try again later."
	}
	return "Choose another source."
}
