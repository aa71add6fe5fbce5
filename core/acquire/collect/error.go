package collect

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/acquire/fetch"
	"github.com/shapes-desktop/shapes/core/acquire/source"
)

// Reason says why a file could not be had.
type Reason string

// The reasons. All but the first three tell of an answer that came and was not
// kept.
const (
	Consent   Reason = "consent"   // the licence was not accepted
	Transport Reason = "transport" // it could not be fetched: the cause is a *fetch.Error
	Disk      Reason = "disk"      // it could not be written

	Empty     Reason = "empty"     // no byte, or nothing but blanks
	Page      Reason = "page"      // HTML or XML where data should be
	None      Reason = "none"      // the word "None": not made yet
	Quota     Reason = "quota"     // the repository may send no more
	Pointer   Reason = "pointer"   // a Git LFS pointer that leads nowhere
	Magic     Reason = "magic"     // not of the format by its first bytes
	Mangled   Reason = "mangled"   // bytes that somebody took for text
	Cut       Reason = "cut"       // ends early
	Syntax    Reason = "syntax"    // not JSON, or a damaged archive
	Bound     Reason = "bound"     // nested too deeply, or too large unpacked
	Name      Reason = "name"      // a member with a name that leads out of a folder
	Member    Reason = "member"    // the file that should be within is not
	Kind      Reason = "kind"      // JSON, but not a collection of features
	NoUnits   Reason = "no-units"  // not one feature
	Units     Reason = "units"     // not as many as the source says
	Foreign   Reason = "foreign"   // of another country or level
	Drift     Reason = "drift"     // attributes are missing: the source has changed its form
	Remark    Reason = "remark"    // the server's own error within a sound answer
	Checksum  Reason = "checksum"  // not the bytes that were announced
	Astray    Reason = "astray"    // an answer that does not tell where the data are
	Unchanged Reason = "unchanged" // "not modified", of a file that we do not have
)

// ErrConsent: the licence must be accepted before anything is fetched.
var ErrConsent = errors.New("the licence was not accepted")

// Error is why a file could not be had. Its text is a few sentences for people:
// what came from where, what is kept, and what to do.
type Error struct {
	Reason Reason
	Name   string // of the file
	URL    string // that was asked
	Says   string // what happened
	Kept   string // what is kept; a sentence
	Do     string // what to do; a sentence
	Cause  error
}

func (e *Error) Error() string {
	s := fmt.Sprintf("%s (%s): %s.", e.Name, e.URL, e.Says)
	for _, more := range []string{e.Kept, e.Do} {
		if more != "" {
			s += " " + more
		}
	}
	return s
}

// Unwrap returns the cause. That of an answer that was not kept is a *fetch.Error
// of the kind fetch.Bad.
func (e *Error) Unwrap() error { return e.Cause }

// Temporary reports whether the same request may be answered better later: the
// server sent something that stands in for the file, or broke off. What could
// not be fetched at all has been tried again already.
func (e *Error) Temporary() bool {
	switch e.Reason {
	case Empty, Page, None, Cut, Remark:
		return true
	}
	return false
}

// ReasonOf returns the reason of an error of this package, "" if it is none.
func ReasonOf(err error) Reason {
	var e *Error
	if errors.As(err, &e) {
		return e.Reason
	}
	return ""
}

// Flaw is what is wrong with the bytes of an answer.
type Flaw struct {
	Reason Reason
	Says   string
}

func (f *Flaw) Error() string { return f.Says }

func flaw(r Reason, format string, args ...any) error {
	return &Flaw{r, fmt.Sprintf(format, args...)}
}

func consentError(r *source.Request) error {
	return &Error{
		Reason: Consent, Name: r.Name, URL: r.URL, Cause: ErrConsent,
		Says: "its licence (" + r.License.Name + ") must be accepted before anything is fetched",
		Kept: "Nothing was fetched.", Do: "Read the licence and accept it.",
	}
}

// changedError is the error for a file that the source now has under a licence
// that nobody has accepted.
func changedError(r *source.Request) error {
	return &Error{
		Reason: Consent, Name: r.Name, URL: r.URL, Cause: ErrConsent,
		Says: "the source now has it under another licence (" + r.License.Name + "), which must be accepted before it is fetched",
		Kept: "It was not fetched.", Do: acceptance(r),
	}
}

// acceptance says how a licence is read and accepted that the table of a source
// does not know yet.
func acceptance(r *source.Request) string {
	edition := ""
	for _, key := range [...]string{"release", "detail"} {
		if v := r.Variant.Get(key); v != "" {
			edition += " --variant " + key + "=" + v
		}
	}
	var countries, cells []string
	for _, c := range r.Cells {
		countries = append(countries, c.Country)
		cells = append(cells, fmt.Sprintf("%s:%d", c.Country, c.Level))
	}
	slices.Sort(countries)
	return fmt.Sprintf("Ask the source for its table anew and read the licence: shapes sources %s %s --refresh%s. "+
		"Then accept it: shapes fetch %s %s --accept%s; for a shape, shapes node edit NAME --accept.",
		r.Source, strings.Join(slices.Compact(countries), " "), edition, r.Source, strings.Join(cells, " "), edition)
}

func diskError(r *source.Request, err error) error {
	return &Error{
		Reason: Disk, Name: r.Name, URL: r.URL, Cause: err,
		Says: "it could not be kept in the cache: " + err.Error(),
		Kept: "What was in the cache before is unchanged.",
		Do:   "Look after the disk and try again.",
	}
}

// elsewhere reports whether an address has none of the data, so that others may
// be tried: not there, refused by a store, or an empty body.
func elsewhere(err error) bool {
	var f *fetch.Error
	if errors.As(err, &f) && (f.Kind == fetch.Missing || f.Kind == fetch.Refused && f.Status == http.StatusForbidden) {
		return true
	}
	return ReasonOf(err) == Empty
}

// advice is what to do about an answer that was not kept.
func advice(r Reason) string {
	switch r {
	case Quota:
		return "Try again in some hours, or choose another source."
	case None:
		return "The server makes it now: try again in a few minutes."
	case Drift, Kind, Units, Astray, Member:
		return "Choose another source, and tell the makers of this program: it must learn the new form."
	case Bound, Name:
		return "Do not trust this address; choose another source."
	case NoUnits, Foreign:
		return "Choose another level or another source."
	case Remark:
		return "Try again later, or ask for less at once."
	}
	return "Try again later, or choose another source."
}
