package engine

import (
	"slices"
	"strings"

	"github.com/shapes-desktop/shapes/core/model/session"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// creditSeparator stands between attributions.
const creditSeparator = " | "

// credits returns the attributions that the files ask for which a session has
// read, each once. They are those of the files' records: a source may have led
// to another layer than its table tells of. What the table says counts for files
// that were removed from the cache meanwhile.
func (e *Engine) credits(ses *session.Session) ([]string, error) {
	if !fetched(ses.Source) {
		return nil, nil
	}
	c, err := e.supply()
	if err != nil {
		return nil, err
	}
	var now session.Session // its inputs were not known yet when the run began
	err = e.ephView(func(tx *kv.Tx) (err error) {
		now, err = e.board.Get(tx, ses.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	var out []string
	for i, hash := range now.Inputs {
		if hash == "" { // it was not read
			continue
		}
		text, err := c.attribution(&now, i, hash)
		if err != nil {
			return nil, err
		}
		// A source that names the maker of a layer behind itself joins the two.
		for a := range strings.SplitSeq(text, creditSeparator) {
			if a != "" && !slices.Contains(out, a) {
				out = append(out, a)
			}
		}
	}
	return out, nil
}

// attribution returns what the file of an input asks for.
func (c *supply) attribution(ses *session.Session, input int, hash string) (string, error) {
	if rec, _, err := c.cache.Get(hash); err == nil {
		return rec.Attribution, nil
	}
	_, all, err := c.requests(ses.Source, ses.Variant, ses.Selection)
	if err != nil || input >= len(all) {
		return "", err
	}
	return all[input].License.Attribution, nil
}
