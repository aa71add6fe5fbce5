package shapeform

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"github.com/shapes-desktop/shapes/core/model/shape"
)

// namePage is the step of name, description and what is published with the
// tiles.
func (f *Form) namePage() *page {
	edit := func(field string, at func() *string) func(string) {
		return func(text string) {
			*at() = text
			f.model.touch(field)
			f.changed()
		}
	}
	e := &f.model.edit
	name := f.newEntry(e.Name, edit("name", func() *string { return &e.Name }))
	name.SetPlaceHolder("Provinces of Europe")
	about := f.newEntry(e.Description, edit("description", func() *string { return &e.Description }))
	about.MultiLine, about.Wrapping = true, fyne.TextWrapWord
	about.SetMinRowsVisible(4)
	credit := f.newEntry(e.Shape.Metadata.Attribution, edit("metadata.attribution", func() *string { return &e.Shape.Metadata.Attribution }))
	box := container.NewVBox(
		f.newField(shape.StepName, "name", "Name", "1 to 255 characters, none of < > : \" / \\ | ? *", name).row,
		f.newField(shape.StepName, "description", "Description", "For yourself and whoever opens the shape later.", about).row,
		f.newField(shape.StepName, "metadata.attribution", "Attribution", "Shown on maps beside that of the source. Links may be written in HTML.", credit).row,
	)
	p := f.newPage(shape.StepName, container.NewVScroll(box))
	p.first = name
	return p
}
