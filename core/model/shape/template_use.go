package shape

import (
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
// template follows it (strong: the template cannot be deleted); one whose
// settings have moved on was copied from it (weak). A template that is gone is
// forgotten in s.
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
