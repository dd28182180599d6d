"""The call centre as its duty manager runs it: rota, answer times, quality, staffing, pauses."""
