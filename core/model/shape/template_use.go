package shape

import (
	"fmt"
	"time"

	"github.com/shapes-desktop/shapes/core/store/kv"
)

// Apply gives s the settings of t. It changes s only: the reference is made
// when s is stored, by Relate.
func (s *Shape) Apply(t *Template) {
	s.Config = t.Config.Clone()
	s.Template = t.ID
}

// Relate brings the templates' references in step with s, in the transaction
// of the core database that stores s. A node whose settings are those of its
// template follows it (strong: a change of the template is a change of the
// node's); one whose settings have moved on was copied from it (weak). A
// template that is gone is forgotten in s.
func Relate(tx *kv.Tx, s *Shape, now time.Time) error {
	hash, err := s.Config.Hash()
	if err != nil {
		return err
	}
	if err := Unrelate(tx, s.Node, s.Template); err != nil || s.Template == "" {
		return err
	}
	t, found, err := Templates().Get(tx, kv.Key(nil).Str(s.Template))
	if err != nil {
		return err
	}
	if !found {
		s.Template = ""
		return nil
	}
	if _, had := t.References.Has(s.Node); !had {
		t.Sharing.ShareCount++
		t.Sharing = t.Sharing.Accessed(now)
	}
	t.References = t.References.Add(s.Node, hash == t.Sharing.ContentHash)
	return Templates().Put(tx, &t)
}

// Unrelate drops the references that a node has to templates other than keep;
// all of them if keep is "", for a node that is deleted for good. Templates
// stay without references: people named them.
func Unrelate(tx *kv.Tx, node, keep string) error {
	used, err := templatesBy(tx, "node", kv.Key(nil).Str(node))
	if err != nil {
		return err
	}
	for _, t := range used {
		if t.ID == keep {
			continue
		}
		t.References = t.References.Drop(node)
		if err := Templates().Put(tx, &t); err != nil {
			return err
		}
	}
	return nil
}

// ChangeTemplate gives a template other settings, and with it all nodes that
// follow it; those are returned, their versions grown by one. Errors:
// ErrNoTemplate, *InvalidError, and ErrTemplateTaken if another template has
// these settings.
func ChangeTemplate(tx *kv.Tx, id string, config Config, now time.Time) (Template, []Shape, error) {
	if err := config.Validate(); err != nil {
		return Template{}, nil, err
	}
	t, err := TemplateOf(tx, id)
	if err != nil {
		return t, nil, err
	}
	hash, err := config.Hash()
	if err != nil || hash == t.Sharing.ContentHash {
		return t, nil, err
	}
	if other, found, err := firstTemplate(tx, "hash", hash); found || err != nil {
		if err == nil {
			err = fmt.Errorf("change template “%s”: “%s” has these settings: %w", t.Name, other.Name, ErrTemplateTaken)
		}
		return t, nil, err
	}
	t.Config, t.Sharing.ContentHash = config.Canonical(), hash
	t.Updated, t.Version = now, t.Version+1
	followers, err := follow(tx, &t, now)
	if err != nil {
		return t, nil, err
	}
	return t, followers, Templates().Put(tx, &t)
}

// follow hands the template's settings to the nodes that follow it. One that
// is gone is dropped from the references.
func follow(tx *kv.Tx, t *Template, now time.Time) ([]Shape, error) {
	var followers []Shape
	for _, node := range t.References.Strong {
		s, found, err := Shapes().Get(tx, kv.Key(nil).Str(node))
		if err != nil {
			return nil, err
		}
		if !found {
			t.References = t.References.Drop(node)
			continue
		}
		s.Config, s.Updated, s.Version = t.Config.Clone(), now, s.Version+1
		if err := Shapes().Put(tx, &s); err != nil {
			return nil, err
		}
		followers = append(followers, s)
	}
	return followers, nil
}
