"""How a service lives: its bus, projections, errors, health, principals and configuration."""
