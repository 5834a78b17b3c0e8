from pathlib import Path

import grpc
from suasion.v1.contact_pb2 import CONTACT_STATE_CONFIRMED
from suasion.v1.contact_service_pb2 import HistoryRequest, RecordOutcomeRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub

contacts = ContactServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
history = contacts.History(HistoryRequest(user_id="u1"), timeout=1).contacts
[id] = [each.contact_id for each in history if each.state == CONTACT_STATE_CONFIRMED]
Path("contact.txt").write_text(id)
answer = contacts.RecordOutcome(RecordOutcomeRequest(contact_id=id, type="rejected"), timeout=1)
print("known before" if answer.duplicate else "recorded")
