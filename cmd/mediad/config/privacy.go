package config

import (
	"time"

	"mediad/overlay"
)

// Privacy is how long what is kept about people is kept at most; 0: there is no bound by time.
type Privacy struct {
	Comments time.Duration `yaml:"comments"` // after the end of the show
	Views    time.Duration `yaml:"views"`    // likewise
	Buyers   time.Duration `yaml:"buyers"`   // after the order
	Audit    time.Duration `yaml:"audit"`
}

func (p Privacy) check() error {
	const day = 24 * time.Hour
	for _, d := range []duration{
		{"privacy.comments", p.Comments, day, 3650 * day},
		{"privacy.views", p.Views, day, 3650 * day},
		{"privacy.buyers", p.Buyers, day, 3650 * day},
		{"privacy.audit", p.Audit, 90 * day, 3650 * day},
	} {
		if d.value == 0 {
			continue
		}
		if err := between(d); err != nil {
			return err
		}
	}
	return nil
}

// Keeping is how long the server keeps what is kept about people.
func (c Config) Keeping() overlay.Keeping {
	p := c.Privacy
	return overlay.Keeping{Comments: p.Comments, Views: p.Views, Clicks: c.Clicks.Keep, Buyers: p.Buyers, Contacts: c.Reminders.Keep, Audit: p.Audit}
}
