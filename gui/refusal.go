package gui

import (
	"errors"

	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/tree"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// refusal says in plain words why a command was not done. what is the command
// as the title says it: "“Italy” was not moved".
func refusal(what string, err error) kit.Problem {
	p := kit.Problem{What: what, Why: err.Error(), Kept: "Nothing was changed."}
	var name *tree.NameError
	var busy *tree.BusyError
	switch {
	case errors.As(err, &name):
		p.Next = "Give another name."
	case errors.As(err, &busy):
		p.Next = "Stop the session of “" + busy.Name + "” first, or wait until it has ended."
	case errors.Is(err, tree.ErrTaken):
		p.Next = "Rename the one or the other, or choose another folder."
	case errors.Is(err, tree.ErrIntoItself):
		p.Next = "Choose a folder that is not below it."
	case errors.Is(err, tree.ErrNotFolder):
		p.Next = "Choose a folder, or the top."
	case errors.Is(err, tree.ErrTooDeep):
		p.Next = "Choose a folder that is nearer to the top."
	case errors.Is(err, tree.ErrInTrash):
		p.Next = "Restore it from the trash first."
	case errors.Is(err, tree.ErrVersion), errors.Is(err, tree.ErrChanged), errors.Is(err, tree.ErrNoNode):
		p.Next = "The tree has been read again: look at it, then repeat what you wanted."
	case errors.Is(err, engine.ErrProcessing):
		p.Next = "Wait until its session has ended, or stop it on the page of sessions (Ctrl+J)."
	case errors.Is(err, engine.ErrEditing):
		p.Next = "Finish or leave the edit that is open first."
	case errors.Is(err, engine.ErrDraft):
		p.Next = "Finish the draft first: choose it and continue editing."
	case errors.Is(err, engine.ErrNoSession), errors.Is(err, engine.ErrState):
		p.Next = "The session has moved on meanwhile: look at the page of sessions (Ctrl+J)."
	case errors.Is(err, tree.ErrDamaged):
		p.Kept = "Nothing was changed by this command."
		p.Next = "Close the window and run “shapes check”, which says what is wrong and can repair it."
	default:
		p.Next = "If it says what to mend, mend it and try again; else please report it with the details."
	}
	return p
}

// stopsWhat returns the node whose session stands in the way of a command, if
// that is why it was refused.
func stopsWhat(err error) (id, name string, ok bool) {
	var busy *tree.BusyError
	if errors.As(err, &busy) {
		return busy.ID, busy.Name, true
	}
	return "", "", false
}

// renameFault is what stands at the row of a rename that is refused: short,
// since the entry is still there to mend it.
func renameFault(err error) error {
	var name *tree.NameError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &name):
		return told(sentence("The name " + name.Problem))
	case errors.Is(err, tree.ErrTaken):
		return told("That name is taken here already")
	}
	return told(sentence(err.Error()))
}

// sentence begins a text with a capital, as a line of its own has it.
func sentence(text string) string {
	if text == "" || text[0] < 'a' || text[0] > 'z' {
		return text
	}
	return string(text[0]-'a'+'A') + text[1:]
}

// told is an error that is shown as it is: a sentence for people.
type told string

func (t told) Error() string { return string(t) }
