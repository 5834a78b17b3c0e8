from pathlib import Path

import grpc
from suasion.v1.contact_pb2 import ContactState
from suasion.v1.contact_service_pb2 import ConfirmRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
request = ConfirmRequest(contact_id=Path("contact.txt").read_text(), fencing_token=1)
contact = ContactServiceStub(channel).Confirm(request, timeout=1).contact
print(ContactState.Name(contact.state))
