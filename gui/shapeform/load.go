package shapeform

import (
	"context"
	"time"

	"fyne.io/fyne/v2"
	"github.com/shapes-desktop/shapes/core/acquire/source"
	"github.com/shapes-desktop/shapes/core/engine"
	"github.com/shapes-desktop/shapes/core/model/admin"
	"github.com/shapes-desktop/shapes/core/model/shape"
	"github.com/shapes-desktop/shapes/gui/kit"
)

// Engine is what the form needs of the engine. All calls may take long and are
// made off the window's goroutine.
type Engine interface {
	// Change writes a working copy; fields are validated at Finish. What it
	// changes of e are the marks that belong to it, such as Changes and Updated.
	Change(ctx context.Context, e *engine.Edit) error
	// Finish validates a working copy and commits it. The error is a
	// *shape.InvalidError if fields are wrong.
	Finish(ctx context.Context, id string) (engine.Node, error)
	// KeepDraft leaves a working copy as a draft.
	KeepDraft(ctx context.Context, id string) error
	// Discard throws a working copy away.
	Discard(ctx context.Context, id string) error
	Catalog
}

// Catalog is what there is to be had from elsewhere. It needs no network.
type Catalog interface {
	// Sources returns what the sources say of themselves, in the order in which
	// people should see them.
	Sources() ([]source.About, error)
	// Offers returns what a source has in a variant. source.ErrVariant.
	Offers(ctx context.Context, s shape.Source, v shape.Variant) (engine.Matrix, error)
	// Places returns the countries that a query finds by any name, code or
	// alias, best first.
	Places(query string) ([]admin.Country, error)
	// Terms returns what is to be accepted for a selection.
	Terms(ctx context.Context, s shape.Source, v shape.Variant, sel shape.Selection) (shape.Terms, error)
	// Accepted returns the last consent to a source's terms that was given for
	// no shape in particular; nil if there is none.
	Accepted(s shape.Source) (*shape.Consent, error)
}

// Country is a country as the form lists it.
type Country struct {
	ISO3   string // ISO 3166 alpha-3
	Name   string // in English
	NameJa string // in Japanese
}

// End is how a form was left.
type End int

// The ends.
const (
	Finished End = iota
	Kept
	Discarded
)

// Host is the window around a form.
type Host struct {
	Window    fyne.Window
	Clipboard fyne.Clipboard
	Tasks     *kit.Tasks
	Engine    Engine
	// Countries lists the countries of the bundled world. It is called off the
	// window's goroutine.
	Countries func(ctx context.Context) ([]Country, error)
	// Done is told how the form was left; node is set if it was
	// finished, its id and name if it was kept.
	Done func(end End, node engine.Node)
	Say  func(string) // in the status bar
	Log  func(error)  // what a person need not see at once
	Who  string       // account name, for the record of what was accepted
	Now  func() time.Time
}
