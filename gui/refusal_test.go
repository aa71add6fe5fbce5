package gui

import (
	"errors"
	"fmt"
	"testing"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
)

// Every refusal says what failed, what is kept and what to do, and no two of
// them send people the same way by accident.
func TestEachRefusalLeadsOn(t *testing.T) {
	seen := map[string]string{}
	for _, err := range []error{
		&tree.NameError{Field: "name", Text: "a/b", Problem: "holds '/'"}, &tree.BusyError{Name: "Italy", Reason: "a session runs"},
		tree.ErrTaken, tree.ErrIntoItself, tree.ErrNotFolder, tree.ErrTooDeep, tree.ErrInTrash, tree.ErrVersion, tree.ErrDamaged,
		engine.ErrProcessing, engine.ErrEditing, engine.ErrDraft, engine.ErrState, errors.New("disk full"),
	} {
		p := refusal("“Italy” was not moved", fmt.Errorf("move: %w", err))
		if p.What == "" || p.Why == "" || p.Kept == "" || p.Next == "" {
			t.Errorf("%v: %+v", err, p)
		}
		if other, twice := seen[p.Next]; twice {
			t.Errorf("%v and %s both say %q", err, other, p.Next)
		}
		seen[p.Next] = err.Error()
	}
}

func TestRenameFaultIsASentence(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&tree.NameError{Field: "name", Problem: "is empty; give 1 to 255 characters"}, "The name is empty; give 1 to 255 characters"},
		{fmt.Errorf("rename: %w", tree.ErrTaken), "That name is taken here already"},
		{errors.New("disk full"), "Disk full"},
		{errors.New("Über"), "Über"},
	} {
		if got := renameFault(tt.err).Error(); got != tt.want {
			t.Errorf("%v: %q, want %q", tt.err, got, tt.want)
		}
	}
	if renameFault(nil) != nil || sentence("") != "" {
		t.Error("words for nothing")
	}
}

func TestUndoLabel(t *testing.T) {
	for _, tt := range []struct{ what, want string }{
		{"", "Undo"},
		{"rename “Italy”", "Undo rename “Italy”"},
	} {
		if got := undoLabel("Undo", tt.what); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
