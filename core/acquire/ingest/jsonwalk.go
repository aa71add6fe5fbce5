package ingest

// eachMember takes an object: it hands each member's name to take, which takes
// the value. The name is valid until then.
func (s *scanner) eachMember(take func(name []byte) error) error {
	if err := s.enter('{'); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := s.more('}', n)
		if err != nil || !ok {
			return err
		}
		name, err := s.key()
		if err != nil {
			return err
		}
		if err := take(name); err != nil {
			return err
		}
	}
}

// eachItem takes an array: it calls take for each item with the item's number,
// counted from 0. Coordinates do not come this way but many at a time, see
// list and position.
func (s *scanner) eachItem(take func(n int) error) error {
	if err := s.enter('['); err != nil {
		return err
	}
	for n := 0; ; n++ {
		ok, err := s.more(']', n)
		if err != nil || !ok {
			return err
		}
		if err := take(n); err != nil {
			return err
		}
	}
}

// membersIfObject is eachMember where something else may stand, which is
// skipped. It reports whether an object stood there.
func (s *scanner) membersIfObject(take func(name []byte) error) (bool, error) {
	is, err := s.nextIs('{')
	if is {
		err = s.eachMember(take)
	}
	return is, err
}

// itemsIfArray is eachItem where something else may stand, which is skipped.
// It reports whether an array stood there.
func (s *scanner) itemsIfArray(take func(n int) error) (bool, error) {
	is, err := s.nextIs('[')
	if is {
		err = s.eachItem(take)
	}
	return is, err
}

// nextIs tells whether the next value opens with c, and skips it if not.
func (s *scanner) nextIs(c byte) (bool, error) {
	got, err := s.peekValue()
	if err != nil || got == c {
		return err == nil, err
	}
	return false, s.skip()
}
