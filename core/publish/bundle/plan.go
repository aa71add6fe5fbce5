package bundle

import (
	"fmt"

	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Policy says what an import does about a name that is taken.
type Policy string

// The policies.
const (
	Skip    Policy = "skip"    // leave the new one out, with all below it
	Replace Policy = "replace" // move the old one to the trash
	Rename  Policy = "rename"  // call the new one "name (2)"
)

// Sibling is a node in the folder that takes an import.
type Sibling struct{ ID, Name string }

// Decision says what becomes of a node at the top of an archive.
type Decision struct {
	Name     string // the one it gets
	Skip     bool   // it is left out
	Replaces string // id of the sibling that gives way; "" if none
	Renamed  bool
}

// Plan decides for the names at the top of an archive, in their order, what
// happens to each in a folder that holds existing. Names are compared as
// tree.Fold does. It depends on nothing but its arguments.
func Plan(existing []Sibling, incoming []string, p Policy) ([]Decision, error) {
	if p != Skip && p != Replace && p != Rename {
		return nil, fmt.Errorf("policy %q: it must be %q, %q or %q", p, Skip, Replace, Rename)
	}
	held := map[string]string{} // id by name
	for _, s := range existing {
		held[tree.Fold(s.Name)] = s.ID
	}
	coming := map[string]bool{} // names to come keep theirs if they can
	for _, name := range incoming {
		coming[tree.Fold(name)] = true
	}
	given := map[string]bool{}
	plan := make([]Decision, 0, len(incoming))
	for _, name := range incoming {
		d, folded := Decision{Name: name}, tree.Fold(name)
		id, taken := held[folded]
		switch {
		case given[folded], taken && p == Rename:
			d.Renamed = true
			free, err := tree.FreeName(name, func(name string) (bool, error) {
				f := tree.Fold(name)
				_, old := held[f]
				return old || given[f] || coming[f], nil
			})
			if err != nil {
				return nil, err
			}
			d.Name = free
		case taken && p == Skip:
			d.Skip = true
		case taken:
			d.Replaces = id
		}
		if !d.Skip {
			given[tree.Fold(d.Name)] = true
		}
		plan = append(plan, d)
	}
	return plan, nil
}
