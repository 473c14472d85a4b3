package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"mediad/overlay"
)

// ChatKey tells whether an organisation has a key with which embedding sites sign.
func (s *Store) ChatKey(ctx context.Context, org string) (overlay.ChatKey, error) {
	k, _, err := s.chatKey(ctx, s.reader, org)
	return k, err
}

// ChatSecrets gives the keys that hold, the newest first.
func (s *Store) ChatSecrets(ctx context.Context, org string) ([]string, error) {
	_, keys, err := s.chatKey(ctx, s.reader, org)
	return keys, err
}

func (s *Store) chatKey(ctx context.Context, q querier, org string) (k overlay.ChatKey, keys []string, err error) {
	var sealed, former []byte
	var made, until sql.NullInt64
	err = q.QueryRowContext(ctx, `SELECT secret, made_at, former, former_until FROM chat_key WHERE org = ?`, org).Scan(&sealed, &made, &former, &until)
	if errors.Is(err, sql.ErrNoRows) {
		return k, nil, nil
	}
	if err != nil {
		return k, nil, fmt.Errorf("read chat key: %w", err)
	}
	k.Set, k.Made = true, moment(made)
	all := [][]byte{sealed}
	if until.Valid && s.now().UnixMilli() < until.Int64 {
		k.Former, all = moment(until), append(all, former)
	}
	for _, v := range all {
		key, err := s.secret.unseal("chat key "+org, v)
		if err != nil {
			return k, nil, fmt.Errorf("read chat key: %w", err)
		}
		keys = append(keys, key)
	}
	return k, keys, nil
}

// RenewChatKey makes a key for an organisation. The one before holds beside it for
// overlay.ChatKeyHandOver, so that its sites have time to change.
func (s *Store) RenewChatKey(ctx context.Context, org, actor string, o Once) (made overlay.MadeChatKey, err error) {
	err = s.write(ctx, func(t *tx) (err error) {
		made, err = onceSealed(ctx, t, "chat-key/"+org, o, func() (string, overlay.MadeChatKey, error) {
			key := randomKey() + randomKey()
			_, err := t.ExecContext(ctx, `INSERT INTO chat_key(org, secret, made_at) VALUES (?1,?2,?3)
				ON CONFLICT (org) DO UPDATE SET former = chat_key.secret, former_until = ?4, secret = excluded.secret, made_at = excluded.made_at`,
				org, s.secret.seal("chat key "+org, key), t.now.UnixMilli(), t.now.Add(overlay.ChatKeyHandOver).UnixMilli())
			if err != nil {
				return "", made, fmt.Errorf("make chat key: %w", err)
			}
			t.changed = true
			if err := t.auditIn(ctx, org, actor, "chat.key", org); err != nil {
				return "", made, err
			}
			k, _, err := s.chatKey(ctx, t, org)
			return org, overlay.MadeChatKey{ChatKey: k, Key: key}, err
		})
		return err
	})
	return made, err
}

// DeleteChatKey ends all keys of an organisation: no site signs any more.
func (s *Store) DeleteChatKey(ctx context.Context, org, actor string) error {
	return s.write(ctx, func(t *tx) error {
		if _, err := t.ExecContext(ctx, `DELETE FROM chat_key WHERE org = ?`, org); err != nil {
			return fmt.Errorf("delete chat key: %w", err)
		}
		t.changed = true
		return t.auditIn(ctx, org, actor, "chat.key_delete", org)
	})
}
