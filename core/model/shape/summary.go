package shape

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// AddSummary stores a summary in the core database and removes the oldest of
// its node beyond KeptSummaries, but not this one: after the clock was set back,
// that of the run that has just ended may seem the oldest. A node's summary of
// the very same moment is replaced.
func AddSummary(tx *kv.Tx, s *RunSummary) error {
	t := Summaries()
	if err := t.Put(tx, s); err != nil {
		return fmt.Errorf("keep the summary of a run of %s: %w", s.Node, err)
	}
	all, err := ascending(tx, s.Node)
	if err != nil {
		return err
	}
	spare := len(all) - KeptSummaries
	all = slices.DeleteFunc(all, func(old RunSummary) bool { return bytes.Equal(t.Key(&old), t.Key(s)) })
	for _, old := range all[:max(0, spare)] {
		if _, err := t.Delete(tx, t.Key(&old)); err != nil {
			return fmt.Errorf("remove an old summary of %s: %w", s.Node, err)
		}
	}
	return nil
}

// ListSummaries returns what is kept of a node's runs, newest first.
func ListSummaries(tx *kv.Tx, node string) ([]RunSummary, error) {
	all, err := ascending(tx, node)
	slices.Reverse(all)
	return all, err
}

func ascending(tx *kv.Tx, node string) ([]RunSummary, error) {
	var all []RunSummary
	for s, err := range Summaries().All(tx, kv.Key(nil).Str(node)) {
		if err != nil {
			return all, fmt.Errorf("read the summaries of %s: %w", node, err)
		}
		all = append(all, s)
	}
	return all, nil
}
