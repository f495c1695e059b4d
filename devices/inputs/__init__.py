"""What people command with: joystick, switch, pedal, muscles, a script. The session reads them."""
