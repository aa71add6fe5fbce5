package shape

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/shapes-desktop/shapes/core/store/kv"
)

// ErrChanged: the settings are not those that an undo or redo would take back.
var ErrChanged = errors.New("the settings were changed since")

// Image returns what a user has set in s as bytes, for an undo journal: equal
// settings are equal bytes. What the program keeps for itself (version, times,
// session, files of the last run) is left out.
func (s *Shape) Image() ([]byte, error) {
	enc, err := canonicalEncoding()
	if err != nil {
		return nil, err
	}
	user := s.Clone()
	user.Created, user.Updated, user.Version = time.Time{}, time.Time{}, 0
	user.SourceData, user.Session = nil, ""
	user.Config, user.Selection = s.Config.Canonical(), s.Selection.Canonical()
	data, err := enc.Marshal(user)
	if err != nil {
		return nil, fmt.Errorf("note the settings of %s: %w", s.Node, err)
	}
	return data, nil
}

// PutImage makes the settings of a node, in the core database, those of image
// to, one version on. They must be those of image from, else it does nothing
// and returns ErrChanged.
func PutImage(core *kv.Tx, node string, from, to []byte, now time.Time) error {
	s, found, err := Shapes().Get(core, kv.Key(nil).Str(node))
	if err != nil {
		return err
	}
	if !found {
		return fmt.Errorf("settings of %s: %w: they are gone", node, ErrChanged)
	}
	have, err := s.Image()
	if err != nil {
		return err
	}
	if !bytes.Equal(have, from) {
		forgot, err := forgotten(core, &s, from)
		if err != nil {
			return err
		}
		if !forgot {
			return fmt.Errorf("settings of %s: %w", node, ErrChanged)
		}
	}
	next, err := readImage(to)
	if err != nil {
		return fmt.Errorf("read the noted settings of %s: %w: %w", node, kv.ErrDamaged, err)
	}
	next.Node, next.Created, next.Updated, next.Version = s.Node, s.Created, now, s.Version+1
	next.SourceData, next.Session = s.SourceData, s.Session
	if err := Relate(core, &next, now); err != nil {
		return err
	}
	return Shapes().Put(core, &next)
}

// forgotten reports whether s is as the image was but for a template that has
// been deleted since: that is no change of settings, and must not end undo.
func forgotten(core *kv.Tx, s *Shape, image []byte) (bool, error) {
	was, err := readImage(image)
	if err != nil || s.Template != "" || was.Template == "" {
		return false, nil // what cannot be read was not written for s
	}
	if _, found, err := Templates().Get(core, kv.Key(nil).Str(was.Template)); err != nil || found {
		return false, err
	}
	was.Template = ""
	before, err := was.Image()
	if err != nil {
		return false, err
	}
	now, err := s.Image()
	return bytes.Equal(before, now), err
}

// readImage reads what Image wrote.
func readImage(data []byte) (s Shape, err error) {
	dec, err := cbor.DecOptions{DupMapKey: cbor.DupMapKeyEnforcedAPF, IndefLength: cbor.IndefLengthForbidden}.DecMode()
	if err != nil {
		return s, fmt.Errorf("prepare the codec: %w", err)
	}
	return s, dec.Unmarshal(data, &s)
}
