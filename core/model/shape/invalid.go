package shape

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Step of the form in which a field is entered, in the order of the form.
type Step int

// The steps.
const (
	StepName       Step = iota // name, description, what is published with the tiles
	StepSource                 // where boundaries come from
	StepLicense                // what must be accepted first
	StepProcessing             // settings and style
	StepSelection              // countries and levels
	StepCount      = iota
)

// InvalidField is a field whose value cannot be, and what it may be.
type InvalidField struct {
	Step  Step
	Field string // stable name, such as "vectorTiles.buffer"
	Value string // as it was given
	Why   string // the range, or what to do: "must be 0 to 256 tile units"
}

func (f InvalidField) String() string {
	if f.Value == "" {
		return f.Field + ": " + f.Why
	}
	return fmt.Sprintf("%s %s: %s", f.Field, shorten(f.Value), f.Why)
}

// shownValue bounds how much of a wrong value a message repeats, in characters.
const shownValue = 60

func shorten(value string) string {
	if r := []rune(value); len(r) > shownValue {
		return string(r[:shownValue]) + "…"
	}
	return value
}

// InvalidError lists every field that is wrong, in the order of the form.
type InvalidError struct{ Fields []InvalidField }

func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		lines[i] = f.String()
	}
	return strings.Join(lines, "; ")
}

// InvalidFields returns the fields that err names, nil if it is of another
// kind.
func InvalidFields(err error) []InvalidField {
	var invalid *InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	return invalid.Fields
}

// Invalid collects wrong fields. The zero value is ready.
type Invalid struct{ fields []InvalidField }

// Add notes a wrong field; nothing if why is empty.
func (v *Invalid) Add(step Step, field, value, why string) {
	if why != "" {
		v.fields = append(v.fields, InvalidField{step, field, value, why})
	}
}

// has reports whether a field was noted.
func (v *Invalid) has(field string) bool {
	return slices.ContainsFunc(v.fields, func(f InvalidField) bool { return f.Field == field })
}

// AddAll notes the fields that err names. An error of another kind is noted
// with its own words under field.
func (v *Invalid) AddAll(step Step, field, value string, err error) {
	fields := InvalidFields(err)
	v.fields = append(v.fields, fields...)
	if err != nil && fields == nil {
		v.Add(step, field, value, err.Error())
	}
}

// Err returns an *InvalidError with all that was noted, nil if nothing was.
func (v *Invalid) Err() error {
	if len(v.fields) == 0 {
		return nil
	}
	return &InvalidError{Fields: v.fields}
}
