package engine

import (
	"context"
	"fmt"
	"os/user"
	"slices"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/collect"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// ErrConsent: the licence must be accepted before anything is fetched.
var ErrConsent = collect.ErrConsent

// LicenseUse is a licence and the cells that it covers.
type LicenseUse struct {
	source.License
	Cells   []source.Cell
	Sources []string // who must be named beside it, each once
}

// Licenses returns the licences of what is selected of a source, the one of
// most cells first. Errors: source.ErrNotOffered, source.ErrVariant, ErrUsage.
func (e *Engine) Licenses(ctx context.Context, s shape.Source, v shape.Variant, sel shape.Selection) ([]LicenseUse, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	p, err := c.provider(s)
	if err != nil {
		return nil, err
	}
	cells, err := c.cells(p, v, sel)
	if err != nil {
		return nil, err
	}
	offers, err := c.offers(p, v)
	if err != nil {
		return nil, err
	}
	var out []LicenseUse
	for _, cell := range cells {
		o := offers[cell]
		i := slices.IndexFunc(out, func(u LicenseUse) bool { return u.License == o.License })
		if i < 0 {
			i, out = len(out), append(out, LicenseUse{License: o.License})
		}
		out[i].Cells = append(out[i].Cells, cell)
		for _, name := range o.Sources {
			if !slices.Contains(out[i].Sources, name) {
				out[i].Sources = append(out[i].Sources, name)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b LicenseUse) int { return len(b.Cells) - len(a.Cells) })
	return out, ctx.Err()
}

// Terms returns what is to be accepted for a selection of a source: its general
// terms, and the licences of the layers where they differ.
func (e *Engine) Terms(ctx context.Context, s shape.Source, v shape.Variant, sel shape.Selection) (shape.Terms, error) {
	t, known := shape.TermsOf(s)
	if !known {
		return t, fmt.Errorf("source %q: %w", s, ErrUsage)
	}
	if !fetched(s) {
		return t, nil
	}
	uses, err := e.Licenses(ctx, s, v, sel)
	if err != nil {
		return t, err
	}
	t.ShareAlike = false
	var names []string // of licences, the one of most cells first
	cells := map[string]int{}
	for _, u := range uses {
		t.ShareAlike = t.ShareAlike || u.ShareAlike
		t.Share = t.Share && !u.NoSharing
		t.Required = t.Required || u.Consent
		if cells[u.Name] == 0 {
			names = append(names, u.Name)
		}
		cells[u.Name] += len(u.Cells)
	}
	if len(names) == 1 && names[0] != t.Name {
		t.Text += "\n\nOf what is selected: " + names[0] + "."
	}
	if len(names) > 1 {
		for i, name := range names {
			names[i] = fmt.Sprintf("%s (%d)", name, cells[name])
		}
		t.Text += "\n\nOf what is selected, by number of layers: " + strings.Join(names, ", ") + "."
	}
	return t, nil
}

// shareable returns ErrNoSharing if what is made of a shape's boundaries must not
// be given to others: by its settings, or by the files that its tiles were made
// of, which may be of a source that it had before.
func (e *Engine) shareable(ctx context.Context, tx *kv.Tx, s *shape.Shape) error {
	terms, known := shape.TermsOf(s.Source)
	if of, err := e.Terms(ctx, s.Source, s.Variant, s.Selection); err == nil {
		terms = of // else the source has it no more: what is true of all of it counts
	}
	if known && !terms.Share {
		return fmt.Errorf("%w (%s: %s)", ErrNoSharing, terms.Name, terms.URL)
	}
	for f, err := range shape.SourceFiles().By(tx, "node", kv.Key(nil).Str(s.Node)) {
		if err != nil {
			return err
		}
		if t, known := shape.TermsOf(f.Source); known && !t.Share {
			return fmt.Errorf("%w (made of %s; %s: %s)", ErrNoSharing, f.Name, t.Name, t.URL)
		}
		if !e.toldShareable(&f) {
			return fmt.Errorf("%w (made of %s, which came under: %s)", ErrNoSharing, f.Name, f.License)
		}
	}
	return ctx.Err()
}

// told is a provider whose layers have licences of their own, which it knows by
// their names.
type told interface{ Shareable(license string) bool }

// toldShareable reports whether the licence under which a file came lets what is
// made of it be given to others. The table of its source may have another now.
func (e *Engine) toldShareable(f *shape.SourceData) bool {
	if f.License == "" || !fetched(f.Source) {
		return true // the terms of the source tell
	}
	c, err := e.supply()
	if err != nil {
		return false
	}
	p, err := c.provider(f.Source)
	if err != nil {
		return false
	}
	t, can := p.(told)
	return !can || t.Shareable(f.License)
}

// Accept records that the user of this machine accepts the terms, for what is
// fetched without a shape. Licences of layers that were accepted before stay so,
// and the consent's text says since when.
func (e *Engine) Accept(t shape.Terms) (*shape.Consent, error) {
	before, err := e.Accepted(t.Source)
	if err != nil {
		return nil, err
	}
	c := t.Accept(UserName(), e.now())
	if before != nil && before.Name == c.Name && fetched(t.Source) {
		if err := e.addEarlier(c, before); err != nil {
			return nil, err
		}
	}
	return c, e.core(func(tx *kv.Tx) error { return shape.Consents().Put(tx, c) })
}

// addEarlier adds to a consent the licences that only the one before speaks of.
func (e *Engine) addEarlier(c, before *shape.Consent) error {
	supply, err := e.supply()
	if err != nil {
		return err
	}
	p, err := supply.provider(c.Source)
	if err != nil {
		return err
	}
	var earlier []string
	seen := map[string]bool{}
	for _, v := range editions(p) {
		offers, err := p.Offers(v)
		if err != nil {
			return err
		}
		for _, o := range offers {
			name := o.License.Name
			if !seen[name] && before.SpeaksOf(name) && !c.SpeaksOf(name) {
				earlier = append(earlier, fmt.Sprintf("%s (%s%s)", name, byWhom, acceptedBy(before, name)))
			}
			seen[name] = true
		}
	}
	if len(earlier) > 0 {
		slices.Sort(earlier)
		c.Text += "\n\nAccepted before: " + strings.Join(earlier, ", ") + "."
	}
	return nil
}

// byWhom stands before who accepted a licence earlier, and when.
const byWhom = "by "

// acceptedBy says who accepted a licence that the consent speaks of, and when:
// that may have been before it.
func acceptedBy(c *shape.Consent, license string) string {
	if _, rest, ok := strings.Cut(c.Text, license+" ("+byWhom); ok {
		who, _, _ := strings.Cut(rest, ")")
		return who
	}
	return c.Who + " on " + c.When.Format(time.DateOnly)
}

// Unaccepted names the licences of what is ordered that must be accepted before
// it can be fetched; none if all are. Errors are those of Fetch.
func (e *Engine) Unaccepted(o FetchOrder) ([]string, error) {
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	_, requests, err := c.requests(o.Source, o.Variant, o.Selection)
	if err != nil {
		return nil, err
	}
	consent, err := e.Accepted(o.Source)
	if err != nil {
		return nil, err
	}
	return unaccepted(o.Source, consent, requests), nil
}

// Accepted returns the last consent to a source's terms; nil if there is none.
func (e *Engine) Accepted(s shape.Source) (*shape.Consent, error) {
	var out *shape.Consent
	err := e.coreView(func(tx *kv.Tx) error {
		c, ok, err := shape.Consents().Get(tx, kv.Key(nil).Str(string(s)))
		if ok {
			out = &c
		}
		return err
	})
	return out, err
}

// UserName is the account's name, as consents record it.
func UserName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}
