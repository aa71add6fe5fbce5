package shape

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/shapes-desktop/shapes/core/store/kv"
	"golang.org/x/text/unicode/norm"
)

// Errors of templates, told apart with errors.Is.
var (
	ErrNoTemplate    = errors.New("there is no such template")
	ErrTemplateTaken = errors.New("the name is taken by another template")
	ErrTemplateInUse = errors.New("the template is in use")
)

// maxTemplateName is in characters.
const maxTemplateName = 255

// foldName is a template's name as it is compared.
func foldName(name string) string { return strings.ToLower(name) }

func templateName(name string) (string, error) {
	name = strings.TrimSpace(norm.NFC.String(name))
	if n := utf8.RuneCountInString(name); n < 1 || n > maxTemplateName || !plain(name) {
		return "", &InvalidError{Fields: []InvalidField{{
			StepProcessing, "template.name", name, fmt.Sprintf("must be 1 to %d characters", maxTemplateName),
		}}}
	}
	return name, nil
}

// CreateTemplate keeps config under a name in the core database. If a template
// has the same settings already, that one is returned and made is false: equal
// content is one record. Errors: *InvalidError, ErrTemplateTaken.
func CreateTemplate(tx *kv.Tx, id, name string, config Config, now time.Time) (t Template, made bool, err error) {
	if name, err = templateName(name); err != nil {
		return Template{}, false, err
	}
	if err := config.Validate(); err != nil {
		return Template{}, false, err
	}
	hash, err := config.Hash()
	if err != nil {
		return Template{}, false, err
	}
	if t, found, err := firstTemplate(tx, "hash", hash); found || err != nil {
		return t, false, err
	}
	if err := freeName(tx, id, name); err != nil {
		return Template{}, false, err
	}
	t = Template{
		ID: id, Name: name, Config: config.Canonical(), Created: now, Updated: now, Version: 1,
		Sharing: Sharing{ContentHash: hash, LastAccess: now},
	}
	return t, true, Templates().Put(tx, &t)
}

// TemplateOf returns the template with that id; ErrNoTemplate.
func TemplateOf(tx *kv.Tx, id string) (Template, error) {
	t, found, err := Templates().Get(tx, kv.Key(nil).Str(id))
	if err == nil && !found {
		err = fmt.Errorf("template %q: %w", id, ErrNoTemplate)
	}
	return t, err
}

// TemplateNamed returns the template with that name, without regard to case;
// ErrNoTemplate.
func TemplateNamed(tx *kv.Tx, name string) (Template, error) {
	t, found, err := firstTemplate(tx, "name", foldName(norm.NFC.String(strings.TrimSpace(name))))
	if err == nil && !found {
		err = fmt.Errorf("template “%s”: %w", name, ErrNoTemplate)
	}
	return t, err
}

// ListTemplates returns all templates by name.
func ListTemplates(tx *kv.Tx) ([]Template, error) { return templatesBy(tx, "name", nil) }

func templatesBy(tx *kv.Tx, index string, prefix kv.Key) ([]Template, error) {
	var all []Template
	for t, err := range Templates().By(tx, index, prefix) {
		if err != nil {
			return all, fmt.Errorf("list templates: %w", err)
		}
		all = append(all, t)
	}
	return all, nil
}

func firstTemplate(tx *kv.Tx, index, key string) (Template, bool, error) {
	for t, err := range Templates().By(tx, index, kv.Key(nil).Str(key)) {
		return t, err == nil, err
	}
	return Template{}, false, nil
}

func freeName(tx *kv.Tx, id, name string) error {
	t, found, err := firstTemplate(tx, "name", foldName(name))
	if found && t.ID != id {
		return fmt.Errorf("call a template “%s”: %w; choose another", name, ErrTemplateTaken)
	}
	return err
}

// RenameTemplate gives a template another name. Errors: ErrNoTemplate,
// *InvalidError, ErrTemplateTaken.
func RenameTemplate(tx *kv.Tx, id, name string, now time.Time) (Template, error) {
	name, err := templateName(name)
	if err != nil {
		return Template{}, err
	}
	t, err := TemplateOf(tx, id)
	if err != nil {
		return t, err
	}
	if err := freeName(tx, id, name); err != nil {
		return t, err
	}
	t.Name, t.Updated, t.Version = name, now, t.Version+1
	return t, Templates().Put(tx, &t)
}

// DeleteTemplate removes a template that no node follows; ErrTemplateInUse
// says how many do. Nodes that were only copied from it keep their settings
// and forget it.
func DeleteTemplate(tx *kv.Tx, id string) error {
	t, err := TemplateOf(tx, id)
	if err != nil {
		return err
	}
	if n := len(t.References.Strong); n > 0 {
		return fmt.Errorf("delete template “%s”: %w: it is used by %d nodes; give them other settings first", t.Name, ErrTemplateInUse, n)
	}
	for _, node := range t.References.Weak {
		s, found, err := Shapes().Get(tx, kv.Key(nil).Str(node))
		if err != nil {
			return err
		}
		if !found || s.Template != id {
			continue
		}
		s.Template = ""
		if err := Shapes().Put(tx, &s); err != nil {
			return err
		}
	}
	_, err = Templates().Delete(tx, kv.Key(nil).Str(id))
	return err
}
